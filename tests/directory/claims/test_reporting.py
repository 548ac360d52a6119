"""A report is written once, seen by moderators, told to the owner, and changes nothing."""

from __future__ import annotations

import pytest

from directory.claims import reporting
from directory.claims.reporting import Said
from directory.models import OwnerNotice, PointOfSale, Report, SearchEntry
from geo.points import Position
from tests.builders import owned_place
from tests.claims_data import asked

REPORTED = PointOfSale.Review.REPORTED
CLOSED = Said("closed", "Le rideau est baissé.")


def reviews(place):
    return PointOfSale.objects.get(pk=place.pk).reviews


def test_it_is_brought_before_the_moderators_and_changes_nothing(farm):
    before, entry = PointOfSale.objects.values().get(pk=farm.pk), SearchEntry.objects.values().get(pk=farm.pk)
    made = reporting.report(farm, Said("pin", "Dans l'étang.", Position(1.07, 47.8), "lise@example.org"))
    assert (made.state, made.kind, made.email) == ("open", "pin", "lise@example.org")
    assert Position.from_geos(made.point) == Position(1.07, 47.8)
    assert PointOfSale.objects.values().get(pk=farm.pk) == before | {"reviews": [REPORTED]}
    assert SearchEntry.objects.values().get(pk=farm.pk) == entry


def test_those_who_say_the_same_are_counted_in_one(farm):
    for _ in range(3):
        reporting.report(farm, CLOSED)
    assert [report.times for report in Report.objects.all()] == [3]
    assert PointOfSale.objects.get(pk=farm.pk).status == "published"


def test_other_words_another_position_or_another_address_are_another_report(farm):
    for said in (CLOSED, Said("closed", "Vendu."), Said("closed", "Le rideau est baissé.", Position(1.0, 47.0)),
                 Said("closed", "Le rideau est baissé.", None, "a@example.org"),
                 Said("closed", "Le rideau est baissé.", None, "b@example.org")):  # fmt: skip
        reporting.report(farm, said)
    assert Report.objects.count() == 4  # the first address went to the first report, which had none
    assert set(Report.objects.values_list("email", flat=True)) == {"", "a@example.org", "b@example.org"}


def test_no_more_than_can_be_read(farm):
    for number in range(reporting.MOST_OPEN):
        reporting.report(farm, Said("other", f"nº {number}"))
    with pytest.raises(reporting.TooMany):
        reporting.report(farm, Said("other", "un de plus"))
    assert Report.objects.count() == reporting.MOST_OPEN


def test_its_owner_is_told(farm):
    place = owned_place()
    reporting.report(place, CLOSED)
    reporting.report(farm, CLOSED)
    notice = OwnerNotice.objects.get()
    assert notice.merchant == place.merchant
    assert notice.what == {"code": "reported", "place": place.pk, "kind": "closed", "text": CLOSED.text}


def test_the_address_is_handed_over_once_and_kept_nowhere(farm, anne):
    report = reporting.report(farm, Said("closed", "Fermé.", None, "lise@example.org"))
    assert reporting.handle(report, Report.State.ACCEPTED, anne) == "lise@example.org"
    assert reporting.handle(report, Report.State.REFUSED, anne) is None
    report.refresh_from_db()
    assert (report.state, report.email, report.handled_by) == ("accepted", "", anne)
    assert "email" not in {field.name for field in Report.history.model._meta.fields}
    assert reviews(farm) == []


def test_what_else_waits_keeps_it_before_them(farm, anne, bruno):
    one, two = reporting.report(farm, CLOSED), reporting.report(farm, Said("hours"))
    reporting.handle(one, Report.State.REFUSED, anne)
    assert reviews(farm) == [REPORTED]
    asked(farm, bruno)
    reporting.handle(two, Report.State.REFUSED, anne)
    assert reviews(farm) == [REPORTED]
