"""A selection: a question that somebody saved for everybody, with a title and its dates."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class SelectionQuerySet(models.QuerySet["Selection"]):
    def on(self, day: date) -> SelectionQuerySet:
        """Those shown that day, the ones that end first before the others."""
        return self.filter(published=True, starts_on__lte=day, ends_on__gte=day).order_by("ends_on", "id")


class Selection(models.Model):
    """Christmas markets, asparagus in April: shown on the home page between its dates, at its own address for ever."""

    slug = models.SlugField(_("adresse"), max_length=60, unique=True)
    title_fr = models.CharField(_("titre"), max_length=100)
    title_en = models.CharField(_("titre en anglais"), max_length=100, blank=True)
    text_fr = models.TextField(_("texte"), max_length=600, blank=True)
    text_en = models.TextField(_("texte en anglais"), max_length=600, blank=True)
    # The parameters of a search, as its address has them: "product=asparagus&departement=41".
    question = models.CharField(_("question"), max_length=500)
    starts_on = models.DateField(_("du"))
    ends_on = models.DateField(_("au"))
    published = models.BooleanField(_("publiée"), default=False)
    demo = models.BooleanField(_("démonstration"), default=False)

    objects = SelectionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-starts_on", "id"]
        verbose_name = _("sélection")

    def __str__(self) -> str:
        return self.title_fr

    def clean(self) -> None:
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("La fin vient avant le début : échangez les deux dates.")})

    @property
    def title(self) -> str:
        english = (get_language() or "fr").startswith("en")
        return (self.title_en if english else "") or self.title_fr

    @property
    def text(self) -> str:
        english = (get_language() or "fr").startswith("en")
        return (self.text_en if english else "") or self.text_fr
