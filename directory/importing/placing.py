"""The pin of a row whose source gives no point, asked of the address service: at once, or by the queue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from directory.importing.candidates import Candidate, Note, Placed
from directory.importing.merging import ADDRESS, Revision
from directory.models import PinRequest
from directory.pinning import enqueue
from geo.geocoding import Address, GeocodingError, ProviderUnavailable, resolve

Why = PinRequest.Why
AWAY = "geocoder_away"


def geocode(candidate: Candidate) -> None:
    """Place a candidate by its address; the commune's centre remains where that does not succeed. May wait."""
    fields = candidate.fields
    try:
        address = Address(fields["street"], fields["postcode"], commune_code=fields["commune"])
        found = resolve(address, wants_service=True)
    except ProviderUnavailable:
        candidate.notes.append(Note(AWAY, "the address service is away: the commune's centre is used"))
    except GeocodingError as error:
        candidate.notes.append(Note("not_geocoded", f"{error.code}: the commune's centre is used"))
    else:
        if found.precision == "commune" or found.commune != fields["commune"]:
            why = found.note or "no street"
            candidate.notes.append(Note("not_geocoded", f"{why}: the commune's centre is used"))
        else:
            candidate.placed = Placed(found.position, found.precision, found.source, found.score, found.label)
            candidate.notes.append(Note("geocoded", f"{found.label} ({found.precision}, {found.score:.2f})"))


def ask_again_for_new(places: Sequence[int], rows: Iterable[Candidate]) -> None:
    """Queue the new entries that an outage left at the commune's centre."""
    enqueue((id_ for id_, row in zip(places, rows, strict=True) if _was_away(row)), Why.DEGRADED)


def ask_again(revised: Iterable[Revision]) -> None:
    """Queue the entries that an outage left where they were, and those whose address changed without their pin."""
    away, moved = set(), set()
    for each in revised:
        if _was_away(each.candidate):
            away.add(each.present.place.pk)
        elif ADDRESS & each.values.keys() and each.pin is None and each.candidate.fields["pin"] is None:
            moved.add(each.present.place.pk)
    enqueue(away, Why.DEGRADED)
    enqueue(moved - away, Why.ADDRESS_CHANGED)


def _was_away(candidate: Candidate) -> bool:
    return any(note.code == AWAY for note in candidate.notes)
