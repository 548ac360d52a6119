"""What of a case each audience is handed: the operator a place, the EPCI what is public of it, the département all.

A column has one name in every format. Third parties never see a hidden pin: its commune's centre stands for it, without
address, as in all that is public; nor that a merchant wrote, which is for officials alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from directory.gaps.access import contact, name_of
from directory.gaps.priority import TERMS
from directory.models import ConnectionReport, ExportLog, GapCase, PointOfSale
from directory.phones import national
from directory.vocabulary import vocabulary
from geo.coverage import wording
from geo.coverage.figures import editions
from geo.gazetteer import gazetteer
from geo.points import Position

Audience = ExportLog.Audience
Value = str | int | float | date | None


@dataclass(frozen=True)
class Line:
    """A case as one audience may see it. `demo`: something of it is invented."""

    case: GapCase
    audience: str
    demo: bool

    @property
    def place(self) -> PointOfSale:
        return self.case.point_of_sale

    @property
    def to_officials(self) -> bool:
        return self.audience == Audience.DEPARTEMENT

    @property
    def hidden(self) -> bool:
        """Whether the pin and the address are kept from the audience."""
        return self.place.pin_hidden and not self.to_officials

    @property
    def position(self) -> Position:
        """The pin; where it is hidden, or there is none, the commune's centre."""
        pin = None if self.hidden else self.place.pin
        if pin is not None:
            return Position.from_geos(pin)
        entry = gazetteer().commune(self.case.commune_id)
        assert entry is not None  # its commune is a row of the same ground
        return entry.position

    @property
    def precision(self) -> str:
        unseen = self.hidden or self.place.pin is None
        return PointOfSale.Precision.COMMUNE if unseen else self.place.pin_precision

    @property
    def source(self) -> str:
        """Who says what the finding rests on."""
        case = self.case
        if case.zone:
            return case.zone.file.source
        entry = editions().find(case.edition.date) if case.edition else None
        return wording.sources(entry) if entry else ""

    @property
    def dated(self) -> date | None:
        """The edition's date, or the zone's delivery."""
        case = self.case
        return case.zone.file.delivered_on if case.zone else case.edition.date if case.edition else None

    @property
    def report(self) -> ConnectionReport | None:
        """The latest of its merchant's own reports."""
        found = self.place.latest_report  # type: ignore[attr-defined]  # prefetched
        return found[0] if found else None


@dataclass(frozen=True)
class Column:
    """One column: its name in files, what it means in words, and its value."""

    name: str
    meaning: Promise
    of: Callable[[Line], Value]


def _activities(line: Line) -> str:
    codes = [activity.code for activity in line.place.activities.all()]
    return ", ".join(sorted(vocabulary().labels(codes, get_language() or "fr")))


def _finding(of: Callable[[GapCase], Value]) -> Callable[[Line], Value]:
    """Of the finding, nothing where what it rested on is no longer kept."""
    return lambda line: None if line.case.evidence_gone else of(line.case)


def _said(of: Callable[[ConnectionReport], Value]) -> Callable[[Line], Value]:
    """Of the merchant's own report, nothing where there is none."""
    return lambda line: None if line.report is None else of(line.report)


def _contact(field: str) -> Callable[[Line], str]:
    return lambda line: contact(line.place.merchant).get(field, "")


def _points(term: str) -> Callable[[Line], Value]:
    return lambda line: line.case.points.get(term, 0)


PLACE = (
    Column("nom", gettext_lazy("nom du commerce"), lambda line: line.place.display_name),
    Column("adresse", gettext_lazy("numéro et voie"), lambda line: "" if line.hidden else line.place.street),
    Column("code_postal", gettext_lazy("code postal"), lambda line: "" if line.hidden else line.place.postcode),
    Column("commune", gettext_lazy("commune"), lambda line: line.case.commune.name),
    Column("lat", gettext_lazy("latitude de l'épingle (WGS 84)"), lambda line: line.position.rounded()[1]),
    Column("lon", gettext_lazy("longitude de l'épingle (WGS 84)"), lambda line: line.position.rounded()[0]),
    Column(
        "precision",
        gettext_lazy("précision de l'épingle"),
        lambda line: str(PointOfSale.Precision(line.precision).label),
    ),
)
GEOMETRY = ("lat", "lon")  # what a file with geometries does not say twice
FINDING = (
    Column("code_insee", gettext_lazy("code INSEE de la commune"), lambda line: line.case.commune_id),
    Column("activites", gettext_lazy("activités"), _activities),
    Column(
        "classe",
        gettext_lazy("classe de la commune ou de la zone, jamais de la ligne du commerce"),
        _finding(lambda case: wording.step_in_words(case.indicator, case.finding)),
    ),
    Column("locaux_eligibles", gettext_lazy("locaux éligibles de la commune"), _finding(lambda case: case.eligible)),
    Column("locaux", gettext_lazy("locaux de la commune"), _finding(lambda case: case.premises)),
    Column("preuve", gettext_lazy("niveau de preuve"), _finding(lambda case: str(case.get_evidence_display()))),
    Column("source", gettext_lazy("source de la preuve"), lambda line: line.source),
    Column("edition", gettext_lazy("date de l'édition ou de la livraison de la zone"), lambda line: line.dated),
    Column("travaux_prevus", gettext_lazy("travaux prévus pour le"), _finding(lambda case: case.planned_on)),
    Column("fermeture_cuivre", gettext_lazy("fermeture technique du cuivre"), _finding(lambda case: case.copper_on)),
)
FOLLOW_UP = (
    Column(
        "telephone",
        gettext_lazy("téléphone, si le commerçant y consent"),
        lambda line: national(_contact("phone")(line)),
    ),
    Column("courriel", gettext_lazy("courriel, si le commerçant y consent"), _contact("email")),
    Column("dossier", gettext_lazy("numéro du dossier"), lambda line: line.case.pk),
    Column("etat", gettext_lazy("état du dossier"), lambda line: str(line.case.get_state_display())),
    Column("besoin", gettext_lazy("besoin : travaux, ou commande"), lambda line: str(line.case.get_need_display())),
    Column(
        "suivi_par",
        gettext_lazy("agent qui suit le dossier"),
        lambda line: name_of(line.case.assignee) if line.case.assignee else "",
    ),
    Column("prochaine_date", gettext_lazy("prochaine date"), lambda line: line.case.next_on),
    Column("signale_le", gettext_lazy("date du premier signalement"), lambda line: line.case.flagged_at.date()),
    Column("priorite", gettext_lazy("priorité, somme des points qui suivent"), lambda line: line.case.priority),
    *(
        Column(f"points_{name}", meaning, _points(term))
        for term, name, meaning in zip(
            TERMS,
            ("classe", "part", "cuivre", "boutique", "reponse"),
            (
                gettext_lazy("points : classe"),
                gettext_lazy("points : part des locaux"),
                gettext_lazy("points : fermeture du cuivre"),
                gettext_lazy("points : pas de boutique en ligne"),
                gettext_lazy("points : réponse du commerçant"),
            ),
            strict=True,
        )
    ),
    Column(
        "dit_par_le_commercant_le", gettext_lazy("date de sa dernière réponse"), _said(lambda report: report.at.date())
    ),
    Column(
        "dit_par_le_commercant_fibre",
        gettext_lazy("sa réponse : la fibre"),
        _said(lambda report: str(report.get_fibre_display())),
    ),
    Column(
        "dit_par_le_commercant_mbits",
        gettext_lazy("sa réponse : débit mesuré, Mbit/s"),
        _said(lambda report: None if report.download_mbit is None else float(report.download_mbit)),
    ),
    Column(
        "dit_par_le_commercant_operateur", gettext_lazy("sa réponse : opérateur"), _said(lambda report: report.operator)
    ),
    Column(
        "dit_par_le_commercant_precisions",
        gettext_lazy("sa réponse : précisions"),
        _said(lambda report: report.comment),
    ),
)
MARK = Column(
    "demonstration",
    gettext_lazy("oui : inventé pour essayer le service"),
    lambda line: _("oui") if line.demo else _("non"),
)
COLUMNS: dict[str, tuple[Column, ...]] = {
    Audience.OPERATOR: (*PLACE, MARK),
    Audience.EPCI: (*PLACE, *FINDING, MARK),
    Audience.DEPARTEMENT: (*PLACE, *FINDING, *FOLLOW_UP, MARK),
}
