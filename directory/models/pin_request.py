"""The queue of pins that the address service is still to place."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.models.point_of_sale import PointOfSale


class PinRequest(models.Model):
    """That an address is to be geocoded, or what came of it. One row a point of sale, begun anew when asked anew."""

    class State(models.TextChoices):
        WAITING = "waiting", _("en attente")
        DONE = "done", _("placée")
        FAILED = "failed", _("sans succès")

    class Why(models.TextChoices):
        NO_PIN = "no_pin", _("sans épingle, ou à la commune seule")
        DEGRADED = "degraded", _("placée pendant une panne du service d'adresses")
        ADDRESS_CHANGED = "address_changed", _("adresse changée")
        ASKED = "asked", _("demandée par une personne")

    point_of_sale = models.OneToOneField(
        PointOfSale, models.CASCADE, primary_key=True, related_name="pin_request", verbose_name=_("point de vente")
    )
    state = models.CharField(_("état"), max_length=7, choices=State, default=State.WAITING)
    why = models.CharField(_("raison"), max_length=15, choices=Why)
    asked_at = models.DateTimeField(_("demandée le"))
    # Only an outage is tried again.
    tries = models.PositiveSmallIntegerField(_("essais"), default=0)
    next_at = models.DateTimeField(_("prochain essai"))
    # Of the last try: a precision, or a failure's or note's code (geo.geocoding).
    outcome = models.CharField(_("résultat"), max_length=30, blank=True)
    done_at = models.DateTimeField(_("terminée le"), null=True, blank=True)

    class Meta:
        ordering = ["next_at", "point_of_sale"]
        verbose_name = _("épingle à placer")
        verbose_name_plural = _("épingles à placer")
        indexes = [
            models.Index(fields=["next_at", "point_of_sale"], condition=Q(state="waiting"), name="pinrequest_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.point_of_sale_id}: {self.state}"
