"""Demonstration selections: one that is always on, and Christmas."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.timezone import localdate

from directory.models import Selection


def write(today: date | None = None) -> None:
    """Two of them, with dates around today."""
    today = today or localdate()
    year = today.year if today <= date(today.year, 12, 24) else today.year + 1
    Selection.objects.bulk_create(
        [
            Selection(
                slug="demo-petit-dejeuner",
                title_fr="Le petit-déjeuner d'ici",
                title_en="A local breakfast",
                text_fr="Du pain, du miel et des confitures faits tout près : de quoi bien commencer la journée.",
                text_en="Bread, honey and jam made close by: a good start to the day.",
                question="product=bread,honey,jam",
                starts_on=today - timedelta(days=7),
                ends_on=today + timedelta(days=60),
                published=True,
                demo=True,
            ),
            Selection(
                slug="demo-noel",
                title_fr="Des cadeaux faits ici",
                title_en="Gifts made here",
                text_fr="Potiers, bijoutiers, apiculteurs : pour Noël, offrez ce que l'on fait près de chez vous.",
                text_en="Potters, jewellers, beekeepers: for Christmas, give what is made near you.",
                question="product=pottery,jewellery,toys,honey",
                starts_on=date(year, 11, 20),
                ends_on=date(year, 12, 24),
                published=True,
                demo=True,
            ),
        ]
    )
