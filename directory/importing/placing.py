"""The pin of a row whose source gives no point, asked of the address service."""

from __future__ import annotations

from directory.importing.candidates import Candidate, Note, Placed
from geo.geocoding import Address, GeocodingError, ProviderUnavailable, resolve


def geocode(candidate: Candidate) -> None:
    """Place a candidate by its address; the commune's centre remains where that does not succeed. May wait."""
    fields = candidate.fields
    try:
        found = resolve(Address(fields["street"], fields["postcode"], commune_code=fields["commune"]))
    except ProviderUnavailable:
        candidate.notes.append(Note("geocoder_away", "the address service is away: the commune's centre is used"))
    except GeocodingError as error:
        candidate.notes.append(Note("not_geocoded", f"{error.code}: the commune's centre is used"))
    else:
        if found.precision == "commune" or found.commune != fields["commune"]:
            why = found.note or "no street"
            candidate.notes.append(Note("not_geocoded", f"{why}: the commune's centre is used"))
        else:
            candidate.placed = Placed(found.position, found.precision, found.source, found.score, found.label)
            candidate.notes.append(Note("geocoded", f"{found.label} ({found.precision}, {found.score:.2f})"))
