"""Where the address of a merchant that has no published point of sale leads."""

from __future__ import annotations

import orjson
from django.utils.translation import gettext as _

from directory.models import PointOfSale, SearchEntry
from directory.questions import DEFAULT_RADIUS, Question
from directory.vocabulary import vocabulary
from geo.gazetteer import CommuneEntry, Place, gazetteer
from maps import wording
from maps.chips import Link, search_href

Status = PointOfSale.Status
# Of points of sale merged into merged ones. No loop lasts longer.
MOST_STEPS = 10


def merged_into(merchant_id: int) -> str | None:
    """The sheet ("/m/873-la-ferme/") that holds what was merged away from the merchant's; None where there is none."""
    merged = PointOfSale.objects.filter(status=Status.MERGED)
    ids: list[int | None] = list(merged.filter(merchant=merchant_id).values_list("merged_into", flat=True))
    for _step in range(MOST_STEPS):
        if not ids:
            break
        entry = SearchEntry.objects.filter(pk__in=filter(None, ids)).order_by("pk").only("card").first()
        if entry is not None:
            return str(orjson.loads(entry.card)["url"])
        ids = list(merged.filter(pk__in=filter(None, ids)).values_list("merged_into", flat=True))
    return None


def gone(merchant_id: int) -> list[Link] | None:
    """Who does nearby what a merchant did whose points of sale all closed; None of a hidden, a draft or an unknown one.

    Not its name, which nobody need keep.
    """
    places = list(PointOfSale.objects.filter(merchant=merchant_id).exclude(status=Status.MERGED).order_by("pk"))
    if not places or any(place.status != Status.CLOSED for place in places):
        return None
    place = places[0]
    commune = gazetteer().commune(place.commune_id) if place.commune_id else None
    activity = place.activities.order_by("rank").first()
    if commune is None:
        return []
    codes = [(activity.code,)] if activity and activity.code in vocabulary().by_code else []
    return [around(commune, activities) for activities in (*codes, ())]


def around(commune: CommuneEntry, activities: tuple[str, ...] = ()) -> Link:
    """ "Ce qui se vend dans un rayon de 10 km autour de Vendôme"; of activities, "Boulangeries · 10 km autour de…"."""
    place = Place("commune", commune.code, commune.name, commune.position, commune.departement, 1.0)
    question = Question(
        activities=activities,
        centre=commune.position,
        radius=DEFAULT_RADIUS,
        place=place,
        place_text=_typed(commune),
    )
    where = wording.around(place, DEFAULT_RADIUS.m)
    what = [wording.asked_thing("activity", code) for code in activities]
    said = " · ".join([*what, where]) if what else _("Ce qui se vend dans un rayon de {around}").format(around=where)
    return Link(said, search_href(question))


def _typed(commune: CommuneEntry) -> str:
    """What a person would type to mean this commune and no namesake."""
    first = next(iter(gazetteer().find(commune.name, 1)), None)
    return commune.name if first and first.code == commune.code else f"{commune.name} {commune.departement}"
