"""The broadband gap: a case for each point of sale in it, what was done, and who may see that.

Nothing here is public. Officials see the cases of their own départements.
"""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from directory.models.point_of_sale import PointOfSale
from geo.coverage.steps import UNKNOWN
from geo.models import Commune, Departement, Edition, Epci, Zone


class Official(models.Model):
    """That a person works for a département: they see its cases and contacts, and no other's."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="posts", verbose_name=_("compte"))
    departement = models.ForeignKey(
        Departement, models.PROTECT, related_name="officials", verbose_name=_("département")
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("agent d'un département")
        verbose_name_plural = _("agents des départements")
        constraints = [models.UniqueConstraint(fields=["user", "departement"], name="official_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.departement_id}"


class GapCase(models.Model):
    """A point of sale that is, or was, in the gap: the finding, rewritten by `directory.gaps.refreshing`; and what
    officials do about it, written by `directory.gaps.follow_up` alone.
    """

    class Evidence(models.TextChoices):
        ZONE = "zone", _("zone livrée par le département")
        COMMUNE = "commune", _("part de la commune")
        REPORT = "report", _("réponse du commerçant")

    class Need(models.TextChoices):
        """The two gaps need different help: works, or a phone call."""

        UNKNOWN = "unknown", _("à vérifier")
        WORKS = "works", _("pas de fibre : travaux")
        ORDER = "order", _("fibre commandable, pas prise")

    class State(models.TextChoices):
        TO_VERIFY = "to_verify", _("à vérifier")
        TO_CONTACT = "to_contact", _("à contacter")
        CONTACTED = "contacted", _("contacté")
        SOLUTION_FOUND = "solution_found", _("solution trouvée")
        CONNECTED = "connected", _("raccordé")
        REFUSED = "refused", _("refus du commerçant")

    OPEN = (State.TO_VERIFY, State.TO_CONTACT, State.CONTACTED, State.SOLUTION_FOUND)

    point_of_sale = models.OneToOneField(PointOfSale, models.CASCADE, related_name="gap_case")

    # The finding.
    departement = models.ForeignKey(Departement, models.PROTECT, related_name="+", db_index=False)
    epci = models.ForeignKey(Epci, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="+")
    in_gap = models.BooleanField(_("dans la zone"), default=True)
    flagged_at = models.DateTimeField(_("signalé le"))
    left_at = models.DateTimeField(_("sorti le"), null=True, blank=True)
    evidence = models.CharField(_("preuve"), max_length=7, choices=Evidence)
    # A step of the indicator ("25-50"), or a zone's speed ("BHD8").
    finding = models.CharField(_("classe"), max_length=10)
    indicator = models.CharField(_("indicateur"), max_length=20, blank=True)
    eligible = models.PositiveIntegerField(_("locaux éligibles"), null=True, blank=True)
    premises = models.PositiveIntegerField(_("locaux"), null=True, blank=True)
    edition = models.ForeignKey(Edition, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)
    zone = models.ForeignKey(Zone, models.SET_NULL, null=True, blank=True, related_name="+")
    planned_on = models.DateField(_("travaux prévus pour le"), null=True, blank=True)
    copper_on = models.DateField(_("fermeture du cuivre"), null=True, blank=True)
    priority = models.PositiveSmallIntegerField(_("priorité"))
    # {term: points}: what the priority is the sum of, in the order of directory.gaps.priority.TERMS.
    points = models.JSONField(_("calcul de la priorité"))

    # The follow-up.
    need = models.CharField(_("besoin"), max_length=7, choices=Need, default=Need.UNKNOWN)
    need_given = models.BooleanField(_("besoin dit par un agent"), default=False)
    state = models.CharField(_("état"), max_length=14, choices=State, default=State.TO_VERIFY)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("suivi par")
    )
    next_on = models.DateField(_("prochaine date"), null=True, blank=True)
    contacted_at = models.DateTimeField(_("premier contact le"), null=True, blank=True)
    solved_at = models.DateTimeField(_("solution trouvée le"), null=True, blank=True)

    class Meta:
        verbose_name = _("dossier")
        indexes = [
            # The worklist, worst first.
            models.Index(fields=["departement", "in_gap", "-priority", "id"], name="gapcase_worklist"),
            models.Index(fields=["departement", "in_gap", "state", "-priority", "id"], name="gapcase_state"),
            models.Index(fields=["epci", "in_gap", "-priority", "id"], name="gapcase_epci"),
            models.Index(
                fields=["departement", "next_on"], name="gapcase_next", condition=models.Q(next_on__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.point_of_sale_id}: {self.priority}"

    @property
    def evidence_gone(self) -> bool:
        """Whether the figures or the zone that the finding rested on were replaced since, and are not kept."""
        return self.finding != UNKNOWN and self.edition_id is None and self.zone_id is None


class CaseEvent(models.Model):
    """One step of a case's follow-up: who wrote it, when, what changed and why. Never edited."""

    case = models.ForeignKey(GapCase, models.CASCADE, related_name="events")
    at = models.DateTimeField(_("le"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("par")
    )
    before = models.CharField(_("de"), max_length=14, choices=GapCase.State)
    after = models.CharField(_("à"), max_length=14, choices=GapCase.State)
    need = models.CharField(_("besoin"), max_length=7, choices=GapCase.Need)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("suivi par")
    )
    next_on = models.DateField(_("prochaine date"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True, max_length=2000)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("étape d'un dossier")
        verbose_name_plural = _("étapes des dossiers")
        indexes = [models.Index(fields=["at"], name="caseevent_at")]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class ConnectionReport(models.Model):
    """What a merchant says of its own line. Kept apart from official figures; the latest one counts."""

    class Fibre(models.TextChoices):
        YES = "yes", _("oui")
        ORDERABLE = "orderable", _("commandable, pas prise")
        REFUSED = "refused", _("demandée, refusée")
        UNKNOWN = "unknown", _("je ne sais pas")

    point_of_sale = models.ForeignKey(PointOfSale, models.CASCADE, related_name="connection_reports")
    at = models.DateTimeField(_("le"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("par")
    )
    fibre = models.CharField(_("avez-vous la fibre ?"), max_length=9, choices=Fibre)
    download_mbit = models.DecimalField(
        _("débit descendant mesuré (Mbit/s)"),
        max_digits=7,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(10_000)],
    )
    operator = models.CharField(_("opérateur"), max_length=60, blank=True)
    comment = models.TextField(_("précisions"), blank=True, max_length=1000)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("réponse d'un commerçant")
        verbose_name_plural = _("réponses des commerçants")
        indexes = [models.Index(fields=["point_of_sale", "-at", "-id"], name="connectionreport_latest")]

    def __str__(self) -> str:
        return f"{self.point_of_sale_id}: {self.fibre}"


class Remedy(models.Model):
    """What a merchant in the gap can do now, as its département keeps it, and whom to call."""

    class Kind(models.TextChoices):
        CONTACT = "contact", _("qui appeler")
        FIXED_4G = "fixed_4g", _("4G ou 5G fixe")
        SATELLITE = "satellite", _("satellite")
        THIRD_PLACE = "third_place", _("tiers-lieu")
        CHEQUE = "cheque", _("chèque numérique")
        OTHER = "other", _("autre")

    departement = models.ForeignKey(Departement, models.PROTECT, related_name="remedies", verbose_name=_("département"))
    kind = models.CharField(_("sorte"), max_length=12, choices=Kind)
    title = models.CharField(_("titre"), max_length=120)
    text = models.TextField(_("texte"), blank=True, max_length=1000)
    phone = models.CharField(_("téléphone"), max_length=20, blank=True)
    url = models.URLField(_("adresse"), blank=True)
    order = models.PositiveSmallIntegerField(_("ordre"), default=0)

    history = HistoricalRecords()

    class Meta:
        ordering = ["order", "id"]
        verbose_name = _("aide")

    def __str__(self) -> str:
        return self.title


class ExportLog(models.Model):
    """That a file left the desk: who took it, for whom, of what. Never edited."""

    class Audience(models.TextChoices):
        OPERATOR = "operator", _("l'opérateur")
        EPCI = "epci", _("l'intercommunalité")
        DEPARTEMENT = "departement", _("le service du département")

    at = models.DateTimeField(_("le"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("par")
    )
    departement = models.ForeignKey(Departement, models.PROTECT, related_name="+", verbose_name=_("département"))
    audience = models.CharField(_("pour"), max_length=11, choices=Audience)
    format = models.CharField(_("format"), max_length=10)
    filters = models.CharField(_("filtres"), max_length=500, blank=True)
    columns = models.JSONField(_("colonnes"))
    rows = models.PositiveIntegerField(_("lignes"))

    class Meta:
        ordering = ["-at"]
        verbose_name = _("export")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.format}"
