"""What people looked for and did not find, counted so that nobody can be told from it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.models.vocabulary import Term
from geo.models import Commune


class UnmetDemand(models.Model):
    """How often a product or activity was looked for in vain around a commune, in a week. No who, no when, no words."""

    week = models.DateField(_("semaine du"))  # its Monday
    term = models.ForeignKey(Term, models.CASCADE, related_name="+", db_constraint=False, verbose_name=_("recherché"))
    commune = models.ForeignKey(
        Commune, models.CASCADE, related_name="+", db_constraint=False, verbose_name=_("commune")
    )
    times = models.PositiveIntegerField(_("fois"), default=0)

    class Meta:
        verbose_name = _("demande sans réponse")
        verbose_name_plural = _("demandes sans réponse")
        constraints = [models.UniqueConstraint(fields=["week", "commune", "term"], name="unmetdemand_once")]

    def __str__(self) -> str:
        return f"{self.week} {self.term_id} {self.commune_id}: {self.times}"
