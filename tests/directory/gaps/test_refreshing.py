"""Which points of sale are in the gap, why, and in what order; kept in step by a diff."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from directory.gaps.follow_up import record
from directory.gaps.refreshing import refresh
from directory.models import ConnectionReport, GapCase, PointOfSale
from geo.coverage.changed import announce
from geo.coverage.figures import editions
from geo.gazetteer import gazetteer
from geo.models import CommuneFigures, CoverageFile, Edition
from tests.builders import VENDOME, at, centre_of, point_of_sale
from tests.coverage_data import ANY, LATEST, TECHNOLOGIES, WIRED, closure, edition, fibre, zone

pytestmark = pytest.mark.django_db
BLOIS = "41018"


def case_of(place: PointOfSale) -> GapCase | None:
    return GapCase.objects.filter(point_of_sale=place, in_gap=True).first()


def around(commune: str, metres: float = 300) -> tuple[float, float, float, float]:
    centre = centre_of(commune)
    return (*_corner(centre, 225, metres), *_corner(centre, 45, metres))


def _corner(centre, bearing, metres):
    corner = at(centre, bearing, metres)
    return corner.lon, corner.lat


@pytest.mark.parametrize(("share", "low"), [(0, True), (49, True), (50, False), (100, False)])
def test_a_commune_under_half_fibre_is_in_the_gap(share, low):
    place = point_of_sale()
    fibre({VENDOME: share})
    found = case_of(place)
    assert (found is not None) is low
    if found:
        assert (found.evidence, found.indicator, found.eligible, found.premises) == ("commune", "ftth", share, 100)
        assert found.edition.date == LATEST


@pytest.mark.parametrize(("eligible", "low"), [(89, True), (90, False)])
def test_more_than_a_tenth_without_8_mbit_is_in_the_gap(eligible, low):
    place = point_of_sale()
    edition({VENDOME: (100, {"0.5": 100, "3": 100, "8": eligible})}, layout=WIRED)
    found = case_of(place)
    assert (found is not None) is low
    if found:
        assert (found.indicator, found.finding) == ("8", "80-90")


def test_unknown_is_not_in_the_gap_and_neither_is_what_satellite_says():
    place = point_of_sale()
    fibre({BLOIS: 10})
    assert case_of(place) is None
    edition({VENDOME: (100, {})}, date(2026, 3, 31), ANY)
    assert case_of(place) is None


def test_former_communes_count_for_their_successor():
    place = point_of_sale(commune="18173", pin=centre_of("18173"))
    edition({"18173": (60, {"ftth": 40}), "18131": (40, {"ftth": 5})})
    found = case_of(place)
    assert (found.eligible, found.premises) == (45, 100)


def test_a_zone_outranks_the_commune_both_ways():
    inside, outside = point_of_sale("Dedans"), point_of_sale("Dehors", pin=at(centre_of(), 0, 2_000))
    fibre({VENDOME: 100})
    assert case_of(inside) is None
    slow = zone(around(VENDOME), "HD3", planned_on=date(2027, 1, 1))
    found = case_of(inside)
    assert (found.evidence, found.finding, found.zone, found.need) == ("zone", "HD3", slow, "works")
    assert found.edition is None
    assert case_of(outside) is None
    GapCase.objects.all().delete()
    slow.delete()
    zone(around(VENDOME), "THD1G", source="Autre")
    fibre({VENDOME: 0}, date(2025, 12, 31))
    assert case_of(inside) is None
    assert case_of(outside).evidence == "commune"


def test_of_overlapping_zones_the_latest_delivery_speaks_then_the_slowest():
    place = point_of_sale()
    zone(around(VENDOME), "INEL", source="Ancien", day=date(2024, 1, 1))
    zone(around(VENDOME), "BHD8", source="Nouveau", day=date(2025, 1, 1))
    zone(around(VENDOME, 500), "HD3", source="Nouveau", day=date(2025, 1, 1))
    assert case_of(place).finding == "HD3"


def test_a_point_on_the_edge_of_a_zone_is_in_it():
    _, south, east, north = around(VENDOME)
    centre = centre_of()
    place = point_of_sale(pin=centre)
    zone((centre.lon, south, east, north), "HD05")
    assert case_of(place).finding == "HD05"


def test_the_priority_is_the_sum_of_its_terms():
    place = point_of_sale()
    closure(VENDOME, timezone.localdate() + timedelta(days=200))
    fibre({VENDOME: 20})
    found = case_of(place)
    assert found.points == {"class": 30, "share": 20, "copper": 20, "no_online_shop": 10, "own_report": 0}
    assert found.priority == 80
    place.merchant.shop_url = "https://example.org/"
    place.merchant.save()
    refresh()
    assert case_of(place).priority == 70


@pytest.mark.parametrize(("days", "points"), [(-30, 20), (360, 20), (400, 13), (1_000, 7), (1_200, 0)])
def test_copper_weighs_more_the_sooner_it_closes(days, points):
    place = point_of_sale()
    closure(VENDOME, timezone.localdate() + timedelta(days=days))
    fibre({VENDOME: 20})
    assert case_of(place).points["copper"] == points


@pytest.mark.parametrize(
    ("fibre_said", "speed", "points", "need"),
    [("orderable", None, 10, "order"), ("refused", None, 15, "works"), ("unknown", "3.5", 15, "unknown"),
     ("yes", "300", -15, "unknown"), ("unknown", None, 0, "unknown"), ("yes", "2", 15, "unknown"),
     ("refused", "2", 15, "works"), ("orderable", "2", 15, "order")],
)  # fmt: skip
def test_what_the_merchant_says_weighs_and_says_which_help(fibre_said, speed, points, need):
    place = point_of_sale()
    fibre({VENDOME: 20})
    ConnectionReport.objects.create(point_of_sale=place, fibre="unknown", download_mbit=Decimal(1))
    ConnectionReport.objects.create(point_of_sale=place, fibre=fibre_said, download_mbit=speed and Decimal(speed))
    refresh([place.pk])
    found = case_of(place)
    assert (found.points["own_report"], found.need) == (points, need)
    assert found.priority == 30 + 20 + 10 + points
    assert (found.eligible, found.evidence) == (20, "commune"), "official figures stay apart"


def test_a_merchant_who_measured_a_slow_line_is_listed_where_figures_are_good():
    place = point_of_sale()
    fibre({VENDOME: 100})
    ConnectionReport.objects.create(point_of_sale=place, fibre="unknown", download_mbit=Decimal("7.9"))
    refresh([place.pk])
    assert case_of(place).evidence == "report"


def test_a_better_edition_takes_out_of_the_gap_and_keeps_the_follow_up():
    place = point_of_sale()
    fibre({VENDOME: 20})
    first = case_of(place)
    record(first, None, state="contacted", note="Rappeler lundi")
    fibre({VENDOME: 80}, date(2025, 12, 31))
    left = GapCase.objects.get(point_of_sale=place)
    assert not left.in_gap
    assert left.left_at is not None
    assert (left.state, left.flagged_at) == ("contacted", first.flagged_at)
    fibre({VENDOME: 10}, date(2026, 3, 31))
    back = case_of(place)
    assert (back.pk, back.left_at, back.state, back.flagged_at) == (left.pk, None, "contacted", first.flagged_at)


def test_unknown_in_a_later_edition_is_not_mended():
    place, other = point_of_sale(), point_of_sale("Autre", commune=BLOIS, pin=centre_of(BLOIS))
    fibre({VENDOME: 20, BLOIS: 20})
    later = fibre({BLOIS: 90}, date(2025, 12, 31))
    stays = case_of(place)
    assert (stays.eligible, stays.edition.date) == (20, LATEST), "what was found stands, with its own date"
    assert case_of(other) is None
    assert editions().default == later
    fibre({VENDOME: 90, BLOIS: 90}, date(2026, 3, 31))
    assert case_of(place) is None


def test_an_edition_without_what_the_rule_asks_changes_nothing():
    place = point_of_sale()
    before = fibre({VENDOME: 20})
    edition({VENDOME: (100, {"8": 100})}, date(2025, 12, 31), "commune_debit_terrestre")
    assert editions().default == before
    assert case_of(place) is not None


def test_a_partial_edition_does_not_take_the_place_of_a_whole_one():
    whole = fibre({entry.code: 60 for entry in gazetteer().entries})
    fibre({VENDOME: 10}, date(2025, 12, 31))
    assert editions().default == whole


def test_a_closed_case_that_comes_back_begins_anew_and_says_so():
    place = point_of_sale()
    fibre({VENDOME: 20})
    record(case_of(place), None, state="connected", note="Fibre posée")
    fibre({VENDOME: 80}, date(2025, 12, 31))
    GapCase.objects.update(flagged_at=timezone.now() - timedelta(days=100))
    first = GapCase.objects.get(point_of_sale=place)
    fibre({VENDOME: 20}, date(2026, 3, 31))
    back = case_of(place)
    assert (back.pk, back.state, back.contacted_at, back.solved_at, back.left_at) == (
        first.pk, "to_verify", None, None, None,
    )  # fmt: skip
    assert back.flagged_at > first.flagged_at
    step = back.events.first()
    assert (step.before, step.after, step.by) == ("connected", "to_verify", None)
    refresh()
    assert back.events.count() == 2


def test_what_rested_on_figures_that_are_gone_is_forgotten_unless_it_was_followed():
    places = [point_of_sale(), point_of_sale("Suivie")]
    fibre({VENDOME: 20})
    record(case_of(places[1]), None, note="Appelé")
    Edition.objects.all().delete()
    announce()
    assert list(GapCase.objects.values_list("point_of_sale", "in_gap")) == [(places[1].pk, False)]


def test_a_refresh_does_not_undo_an_import_of_another_process():
    place = point_of_sale()
    fibre({VENDOME: 90})
    held = editions()  # what this process knows for up to half a minute
    row = Edition.objects.create(date=date(2025, 12, 31))
    file = CoverageFile.objects.create(
        edition=row, layout=TECHNOLOGIES, name="x", checksum="x", source="x", licence="x"
    )
    CommuneFigures.objects.create(file=file, code=VENDOME, premises=100, eligible={"ftth": 10})
    assert editions() is held
    refresh()
    assert case_of(place).eligible == 10


def test_the_merchant_s_word_alone_says_nothing_of_the_network():
    place = point_of_sale()
    fibre({VENDOME: 97})
    ConnectionReport.objects.create(point_of_sale=place, fibre="refused")
    refresh([place.pk])
    assert (case_of(place).evidence, case_of(place).need) == ("report", "unknown")


def test_only_what_is_published_is_listed():
    drafts = [point_of_sale(str(status), status=status) for status in ("draft", "hidden", "closed")]
    shown = point_of_sale()
    fibre({VENDOME: 20})
    assert [case.point_of_sale for case in GapCase.objects.all()] == [shown]
    shown.status = "hidden"
    shown.save()
    assert refresh().left == 1
    assert not GapCase.objects.filter(point_of_sale__in=drafts).exists()


def test_the_true_pin_decides_where_it_is_hidden():
    place = point_of_sale(pin=at(centre_of(), 90, 1_500), pin_hidden=True)
    fibre({VENDOME: 100})
    zone(around(VENDOME), "INEL")
    assert case_of(place) is None, "the commune's centre is in the zone, the door is not"


def test_nothing_is_written_twice():
    point_of_sale()
    point_of_sale("Autre", commune=BLOIS, pin=centre_of(BLOIS))
    fibre({VENDOME: 20, BLOIS: 30})
    again = refresh()
    assert (again.written, again.left) == (0, 0)


def test_what_an_official_said_of_the_need_is_not_overwritten():
    place = point_of_sale()
    fibre({VENDOME: 20})
    record(case_of(place), None, need="works")
    ConnectionReport.objects.create(point_of_sale=place, fibre="orderable")
    refresh([place.pk])
    assert case_of(place).need == "works"


def test_a_point_that_moves_takes_its_case_along():
    place = point_of_sale()
    fibre({VENDOME: 20, "28085": 10})
    place.commune_id, place.pin = "28085", centre_of("28085").to_geos()
    place.save()
    refresh()
    assert case_of(place).departement_id == "28"
