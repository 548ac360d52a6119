"""--geocode: rows without a point are asked of the address service."""

from __future__ import annotations

import pytest
from django.utils import timezone

from directory.importing import run_import
from directory.models import PinRequest
from directory.pinning.working import work
from geo.points import Position
from tests.builders import VENDOME, at
from tests.directory.importing.conftest import PIN, place, row, versions

pytestmark = pytest.mark.django_db


def test_rows_without_a_point_can_be_geocoded(import_rows, write_file, monkeypatch):
    from geo.geocoding import NotFound, ProviderUnavailable, Resolution

    found = at(PIN, 90, 50)
    asked = []

    def resolve(address, *, wants_service):
        asked.append(address)
        if address.text.startswith("2"):
            raise ProviderUnavailable("away", 1.0)
        if address.text.startswith("3"):
            raise NotFound("no")
        return Resolution(
            found, "housenumber", 0.9, "ban", "1 Rue du Change 41100 Vendôme", "housenumber", VENDOME, None
        )

    monkeypatch.setattr("directory.importing.placing.resolve", resolve)
    rows = [row(1, lat_lon=""), row(2, lat_lon=""), row(3, lat_lon=""), row(4)]
    report = run_import(write_file(rows), "alimconfiance", True, geocode_missing=True)
    assert [address.text for address in asked] == ["1 Rue du Change", "2 Rue du Change", "3 Rue du Change"]
    assert asked[0].commune_code == VENDOME
    assert (place(1).pin_precision, place(1).pin_source, place(1).pin_score) == ("housenumber", "ban", 0.9)
    assert Position.from_geos(place(1).pin).distance_to(found) < 0.01
    assert (place(2).pin_precision, place(3).pin_precision) == ("commune", "commune")
    notes = [[note.code for note in result.notes] for result in report.rows]
    assert notes == [["geocoded"], ["geocoder_away"], ["not_geocoded"], []]
    asked.clear()
    before = versions()
    run_import(write_file(rows), "alimconfiance", True, geocode_missing=True)
    run_import(write_file(rows), "alimconfiance", True)
    assert asked == []
    assert versions() == before, "a run without --geocode does not take the pins back"


def test_what_an_outage_left_and_an_address_that_changed_are_queued(import_rows, write_file, address_service):
    """At the commune's centre for now; the queue refines it when the service is back."""
    address_service.answers(503)
    missing = [row(1, lat_lon=""), row(2, lat_lon=""), row(3)]
    run_import(write_file(missing), "alimconfiance", True, geocode_missing=True)
    assert requests() == {(1, "degraded", "waiting"), (2, "degraded", "waiting")}
    assert place(1).pin_precision == "commune"
    address_service.recovers()
    PinRequest.objects.update(next_at=timezone.now())
    work()
    assert place(1).pin_precision == "housenumber"
    PinRequest.objects.all().delete()
    import_rows(row(1, lat_lon="", adresse="7 rue Haute"), missing[1], missing[2])
    assert requests() == {(1, "address_changed", "waiting")}


def requests():
    ids = {place(n).pk: n for n in (1, 2, 3)}
    return {(ids[r.pk], r.why, r.state) for r in PinRequest.objects.all()}
