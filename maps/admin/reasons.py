"""Why an entry is to be looked at, in words: a few queries for a page of them, however many there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from directory.models import Claim, Duplicate, Merchant, Offer, Photo, PointOfSale, Report
from directory.moderating.changes import Change, Version, between, versions
from maps.admin.common import change_url, day_text, distance_text, link_to, number_text
from maps.admin.history import readable
from maps.admin.sources import metres_to_pin

Review = PointOfSale.Review
Whys = dict[int, list[SafeString | str]]
# Fields of a diff that are told; how many more there are is said.
MOST_FIELDS = 5
LONGEST = 60


def explain(places: Sequence[Any]) -> Whys:
    """For each point of sale, a line for each reason, the gravest first. Reads `gap`, if the rows were given it."""
    found: Whys = defaultdict(list)
    having = {review: [place for place in places if review in place.reviews] for review in Review}
    _reported(having[Review.REPORTED], found)
    for place in having[Review.NATURAL_PERSON]:
        found[place.pk].append(gettext("son nom est celui d'une personne : à publier avec son accord"))
    _alike(places, found)
    for place in having[Review.UNKNOWN_ACTIVITY]:
        found[place.pk].append(gettext("la source dit une activité que le vocabulaire ne connaît pas"))
    for place in having[Review.NEW]:
        words = {"day": day_text(place.created_at), "who": place.merchant.owner or gettext("personne encore")}
        found[place.pk].append(gettext("nouvelle, du %(day)s, titulaire : %(who)s") % words)
    _changed(having[Review.CHANGED], found)
    for place in having[Review.DOUBTFUL_PIN]:
        found[place.pk].append(gettext("épingle douteuse : %s") % ", ".join(doubts(place)))
    return found


def _ids(places: Iterable[Any]) -> list[int]:
    return [place.pk for place in places]


def _reported(places: Sequence[Any], found: Whys) -> None:
    if not places:
        return
    open_ones = Report.objects.filter(point_of_sale__in=_ids(places), state=Report.State.OPEN).order_by("created_at")
    for report in open_ones:
        text = f" « {report.text[:LONGEST]} »" if report.text else ""
        url = change_url(report)
        said = gettext("signalée le %s :") % day_text(report.created_at)
        line = format_html('{} <a href="{}">{}</a>{}', said, url, report.get_kind_display(), text)
        found[report.point_of_sale_id].append(line)
    undecided = [Claim.State.ASKED, Claim.State.DISPUTED]
    for claim in Claim.objects.filter(point_of_sale__in=_ids(places), state__in=undecided).order_by("created_at"):
        said = gettext("revendiquée le %s :") % day_text(claim.created_at)
        line = format_html('{} <a href="{}">{}</a>', said, change_url(claim), claim.get_state_display())
        found[claim.point_of_sale_id].append(line)


def _alike(places: Sequence[Any], found: Whys) -> None:
    """Open pairs; a name to search for where an import held the entry and nobody has compared it yet."""
    ids = _ids(places)
    pairs = open_pairs().filter(Q(first__in=ids) | Q(second__in=ids))
    for pair in pairs:
        for one, other in ((pair.first, pair.second), (pair.second, pair.first)):
            if one.pk in ids:
                said = gettext("peut-être la même que « %s » :") % other.display_name
                url = reverse("admin:directory_duplicate_change", args=[pair.pk])
                found[one.pk].append(format_html('{} <a href="{}">{}</a>', said, url, reasons_text(pair.reasons)))
    for place in places:
        if Review.DUPLICATE in place.reviews and not any(place.pk in (pair.first_id, pair.second_id) for pair in pairs):
            url = reverse("admin:directory_pointofsale_changelist", query={"q": place.merchant.name})
            said = gettext("l'import lui a trouvé un semblable :")
            found[place.pk].append(format_html('{} <a href="{}">{}</a>', said, url, gettext("chercher")))


def open_pairs() -> QuerySet[Duplicate]:
    """Pairs to decide on, both of whose entries are still there."""
    gone = [PointOfSale.Status.MERGED]
    rows = Duplicate.objects.filter(state=Duplicate.State.OPEN)
    rows = rows.exclude(first__status__in=gone).exclude(second__status__in=gone)
    return rows.select_related("first__merchant", "second__merchant", "first__commune", "second__commune").defer(
        "first__commune__contour", "second__commune__contour"
    )


def reasons_text(reasons: Iterable[dict[str, Any]]) -> str:
    """ "même SIRET, noms semblables (94 %), même téléphone" """
    words = {
        "siret": gettext("même SIRET"),
        "siren": gettext("même entreprise (SIREN) dans la commune"),
        "phone": gettext("même téléphone"),
        "email": gettext("même courriel"),
        "hand": gettext("choisies par un agent"),
    }
    return ", ".join(words.get(reason["code"]) or _figured(reason) for reason in reasons)


def _figured(reason: dict[str, Any]) -> str:
    if reason["code"] == "site":
        return gettext("même site (%s)") % reason["host"]
    apart = gettext(", mais deux SIREN") if reason.get("apart") else ""
    return gettext("noms semblables (%s %%)") % number_text(reason["likeness"], 0) + apart


def _changed(places: Sequence[Any], found: Whys) -> None:
    """What is not as when a moderator last saw it, or as it first was."""
    if not places:
        return
    of_place = versions(PointOfSale, _ids(places))
    of_merchant = versions(Merchant, {place.merchant_id for place in places})
    lines = {model: _line_days(model, places) for model in (Offer, Photo)}
    for place in places:
        rows = of_place.get(place.pk, [])
        seen = last_seen(rows)
        diff = _diff(PointOfSale, rows, seen) + _diff(Merchant, of_merchant.get(place.merchant_id, []), seen)
        parts = [_field(change) for change in diff[:MOST_FIELDS]]
        parts += [gettext("%s autres") % len(diff[MOST_FIELDS:])] if diff[MOST_FIELDS:] else []
        for model, days in lines.items():
            if count := sum(seen is None or at > seen.at for at in days[place.pk]):
                words = {"name": str(model._meta.verbose_name), "count": count}
                parts.append(ngettext("%(name)s : %(count)s ligne", "%(name)s : %(count)s lignes", count) % words)
        said = format_html_join(" ; ", "{}", ((part,) for part in parts)) or gettext("rien qui se voie encore")
        found[place.pk].append(format_html("{} {}", gettext("changée :"), said))


def last_seen(rows: Sequence[Version]) -> Version | None:
    """The version that an agent wrote last, else the first."""
    return next((row for row in reversed(rows) if row.staff), rows[0] if rows else None)


def _diff(model: Any, rows: Sequence[Version], seen: Version | None) -> list[Change]:
    if not rows or seen is None:
        return []
    old = next((row for row in reversed(rows) if row.at <= seen.at), rows[0])
    return between(model, old, rows[-1])


def _field(change: Change) -> SafeString | str:
    """ "adresse : 1 rue du Test → 3 rue Neuve"; of lists and other rows, the name alone."""
    title = str(change.field.verbose_name)
    if change.field.is_relation and change.field.name != "commune":
        return title
    old, new = (str(readable(change.field, value))[:LONGEST] for value in (change.old, change.new))
    return format_html("{} : <del>{}</del> → <ins>{}</ins>", title, old, new)


def _line_days(model: Any, places: Sequence[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for place, at in model.history.filter(point_of_sale_id__in=_ids(places)).values_list(
        "point_of_sale_id", "history_date"
    ):
        found[place].append(at)
    return found


def doubts(place: Any) -> list[str]:
    """What speaks against the pin. Reads `gap`, the distance to the commune, and the records, where they are there."""
    if place.pin is None:
        return [gettext("pas d'épingle")]
    reasons = []
    if place.gap is None:
        reasons.append(gettext("pas de commune à comparer"))
    elif place.gap.m > 0:
        reasons.append(gettext("à %s hors de la commune") % distance_text(place.gap.m))
    for record in place.source_records.all():
        record.point_of_sale = place  # already here: saves a query for each
        if metres := metres_to_pin(record):
            words = {"source": record.source.name, "distance": distance_text(metres)}
            reasons.append(gettext("%(source)s la met à %(distance)s") % words)
    return reasons or [gettext("précision ou score faibles")]


def place_line(place: PointOfSale) -> SafeString:
    """A point of sale named, with the way to it."""
    where = f" ({place.commune.name})" if place.commune else ""
    return format_html("{}{}", link_to(place, place.display_name), where)
