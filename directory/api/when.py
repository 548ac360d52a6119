"""When, as URL parameters: what must be open at which time, and what must be in season."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.api.reader import Reader
from directory.hours.evaluation import HORIZON_DAYS
from directory.questions import THIS_MONTH, At, Now, On, Opening
from directory.questions.opening import PARTS, local_zone
from directory.questions.question import Season

WHEN = {
    "open": gettext_lazy("now : ouvert en ce moment. Un seul de open, open_at, open_on."),
    "open_at": gettext_lazy(
        "Ouvert à ce moment : date et heure ISO 8601 (2026-05-30T10:30), à l'heure de Paris sans décalage indiqué."
    ),
    "open_on": gettext_lazy("Ouvert à un moment du prochain tel jour, de 1 (lundi) à 7 (dimanche)."),
    "open_part": gettext_lazy("Avec open_on : morning (6 h à 12 h), afternoon (12 h à 18 h) ou evening (18 h à 24 h)."),
    "season": gettext_lazy("Un produit demandé y est de saison : un mois, de 1 à 12, ou now."),
}

# The "+" of an offset that was not written %2B arrives as a space.
_MOMENT = re.compile(
    r"(?P<day>[12][0-9]{3}-[0-9]{2}-[0-9]{2})[T ](?P<time>[0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,6})?)?)"
    r"(?P<offset>Z|[+ -][0-9]{2}(:?[0-9]{2})?)?",
    re.IGNORECASE,
)


def read_opening(reader: Reader, now: datetime) -> Opening | None:
    """One of `open`, `open_at` and `open_on`, at most; None where there is none, or it was refused."""
    is_now = reader.one_of("open", ("now",)) is not None
    moment = _moment(reader, now)
    weekday = reader.whole("open_on", 1, 7, 0)
    part = reader.one_of("open_part", tuple(PARTS))
    given = [name for name in ("open", "open_at", "open_on") if name in reader.given]
    for name in given[1:]:
        detail = _("{name} : un seul moment est attendu, open, open_at ou open_on.")
        reader.refuse(name, "two_moments", detail.format(name=name))
    if part is not None and "open_on" not in given:
        reader.refuse("open_part", "needs_open_on", _("open_part : il faut aussi un jour, open_on de 1 à 7."))
    if is_now:
        return Now()
    if moment is not None:
        return At(moment)
    return On(weekday, part) if weekday else None  # type: ignore[arg-type]


def read_season(reader: Reader) -> Season | None:
    if reader.text("season") == "now":
        return THIS_MONTH
    return reader.whole("season", 1, 12, -1) if reader.text("season") else None


def _moment(reader: Reader, now: datetime) -> datetime | None:
    """The minute asked, with the offset of the région's clock; of an hour that comes twice, the first."""
    text = reader.text("open_at")
    if text is None:
        return None
    moment = _parse(text)
    zone = local_zone()
    if moment is None:
        example = datetime.now(zone).strftime("%Y-%m-%dT10:30")
        detail = _("open_at : une date et une heure sont attendues, comme {example}.")
        reader.refuse("open_at", "not_a_moment", detail.format(example=example), example)
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
        if moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != moment.replace(tzinfo=None):
            later = moment.astimezone(UTC).astimezone(zone).strftime("%Y-%m-%dT%H:%M")
            detail = _("open_at : cette heure n'existe pas, l'horloge la saute ce jour-là. Demandez {later}.")
            reader.refuse("open_at", "no_such_hour", detail.format(later=later), later)
            return None
    local = moment.astimezone(zone)
    if not _is_within_reach(reader, local.date(), now.astimezone(zone).date()):
        return None
    # An offset, not a zone: two moments of one instant are then equal, and have one address.
    return local.astimezone(timezone(local.utcoffset() or timedelta()))


def _parse(text: str) -> datetime | None:
    found = _MOMENT.fullmatch(text)
    if found is None:
        return None
    offset = (found["offset"] or "").upper().replace(" ", "+")
    try:
        moment = datetime.fromisoformat(f"{found['day']}T{found['time'].replace(',', '.')}{offset}")
    except ValueError:
        return None
    return moment.replace(second=0, microsecond=0)


def _is_within_reach(reader: Reader, day: date, today: date) -> bool:
    """Whether opening hours are worked out for that day; those of this morning still are."""
    last = today + timedelta(days=HORIZON_DAYS)
    if today <= day <= last:
        return True
    code, detail = (
        ("in_the_past", _("open_at : cette date est passée ; demandez un moment d'ici au {last}."))
        if day < today
        else (
            "past_the_horizon",
            _("open_at : les horaires sont connus jusqu'au {last} ; demandez un moment d'ici là."),
        )
    )
    reader.refuse("open_at", code, detail.format(last=date_format(last, "j F Y")))
    return False
