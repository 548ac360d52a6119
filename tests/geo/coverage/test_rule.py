"""The rule and its edges, the classes of a share, roll-ups from counts, and which edition is shown."""

from __future__ import annotations

from datetime import date

import pytest

from geo.coverage import rule
from geo.coverage.figures import editions, premises, total
from geo.coverage.steps import UNKNOWN, Count, rank, step, steps
from geo.coverage.verdict import at, of_commune
from geo.points import Position
from tests.builders import VENDOME, centre_of
from tests.coverage_data import ANY, LATEST, WIRED, edition, fibre, zone

BLOIS, OSMERY, NEUVILLE = "41018", "18173", "28319"
BEFORE, LONG_BEFORE = date(2025, 6, 30), date(2025, 3, 31)


class TestRule:
    @pytest.mark.parametrize(("eligible", "low"), [(499, True), (500, False), (501, False), (0, True)])
    def test_exactly_half_fibre_is_not_low(self, eligible, low):
        found = rule.find({"ftth": Count(eligible, 1000)})
        assert (found.low, found.indicator) == (low, "ftth")

    @pytest.mark.parametrize(("eligible", "low"), [(899, True), (900, False), (901, False)])
    def test_exactly_a_tenth_without_8_mbit_is_not_low(self, eligible, low):
        found = rule.find({"8": Count(eligible, 1000)})
        assert (found.low, found.indicator) == (low, "8")

    def test_either_is_enough_and_the_one_that_fails_is_named(self):
        assert rule.find({"ftth": Count(90, 100), "8": Count(50, 100)}).indicator == "8"
        assert rule.find({"ftth": Count(10, 100), "8": Count(100, 100)}).indicator == "ftth"
        sound = rule.find({"ftth": Count(90, 100), "8": Count(100, 100)})
        assert (sound.low, sound.indicator) == (False, "ftth")

    def test_nothing_is_found_where_nothing_is_known(self):
        assert rule.find(None) is None
        assert rule.find({}) is None
        assert rule.find({"ftth": Count(0, 0)}) is None, "no premises: no share"
        assert rule.find({"satellite_30": Count(100, 100), "1000": Count(0, 100)}) is None

    def test_without_premises_for_one_the_other_decides(self):
        assert rule.find({"ftth": Count(0, 0), "8": Count(80, 100)}).indicator == "8"

    @pytest.mark.parametrize(("speed", "low"), [("INEL", True), ("BHD8", True), ("THD30", False), ("THD1G", False)])
    def test_a_zone_is_low_below_30_mbit(self, speed, low):
        assert rule.zone_is_low(speed) is low
        assert (speed in rule.low_speeds()) is low


class TestSteps:
    def test_a_class_begins_at_its_bound(self):
        assert steps("ftth") == ("0-25", "25-50", "50-75", "75-90", "90-100")
        shares = (0, 24.9, 25, 49.9, 50, 74.9, 75, 89.9, 90, 100)
        assert [rank("ftth", Count(round(share * 10), 1000)) for share in shares] == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]

    def test_what_the_rule_calls_low_is_the_lower_classes_and_no_other(self):
        for indicator, eligible in (("ftth", range(1001)), ("8", range(1001))):
            for number in eligible:
                count = Count(number, 1000)
                assert rule.find({indicator: count}).low == (rank(indicator, count) < 2)

    def test_no_premises_is_unknown(self):
        assert step("ftth", Count(0, 0)) == step("ftth", None) == UNKNOWN
        assert step("ftth", Count(0, 5)) == "0-25"


@pytest.mark.django_db
class TestRollUps:
    def test_are_of_counts_and_not_of_percentages(self):
        entry = edition({VENDOME: (9000, {"ftth": 9000}), BLOIS: (1000, {"ftth": 0})})
        count = editions().figures(entry).by("departement")["41"]["ftth"]
        assert count == Count(9000, 10_000)
        assert count.share == pytest.approx(0.9), "the mean of 100 % and 0 % would be a half"
        assert rule.find({"ftth": count}).low is False

    def test_of_all_levels_add_up(self):
        entry = edition({VENDOME: (10, {"ftth": 1}), BLOIS: (20, {"ftth": 2}), OSMERY: (40, {"ftth": 4})})
        figures = editions().figures(entry)
        for level in ("commune", "epci", "departement"):
            assert total(figures.by(level).values())["ftth"] == Count(7, 70)
        assert figures.by("departement")["41"]["ftth"] == Count(3, 30)

    def test_a_former_commune_counts_for_its_successor(self):
        entry = edition({
            "18131": (30, {"ftth": 3}), OSMERY: (70, {"ftth": 7}),
            "28025": (1, {"ftth": 1}), "28276": (2, {"ftth": 2}), NEUVILLE: (4, {"ftth": 4}),
        })  # fmt: skip
        communes = editions().figures(entry).communes
        assert communes[OSMERY]["ftth"] == Count(10, 100)
        assert communes[NEUVILLE]["ftth"] == Count(7, 7)
        assert set(communes) == {OSMERY, NEUVILLE}

    def test_unknown_is_not_zero(self):
        entry = fibre({VENDOME: 0})
        figures = editions().figures(entry)
        assert figures.communes[VENDOME]["ftth"] == Count(0, 100)
        assert BLOIS not in figures.communes
        assert "18" not in figures.by("departement")
        assert of_commune(VENDOME).low is True
        assert (of_commune(BLOIS).low, of_commune(BLOIS).klass) == (None, UNKNOWN)

    def test_files_of_one_edition_stand_side_by_side(self):
        fibre({VENDOME: 40})
        entry = edition({VENDOME: (100, {"8": 95}), BLOIS: (50, {"8": 50})}, layout=WIRED)
        communes = editions().figures(entry).communes
        assert (communes[VENDOME]["ftth"].eligible, communes[VENDOME]["8"].eligible) == (40, 95)
        assert "ftth" not in communes[BLOIS]
        assert premises(communes[BLOIS]) == 50


@pytest.mark.django_db
class TestEditions:
    def test_the_latest_is_shown_but_not_one_of_satellite_only(self):
        shown = fibre({VENDOME: 40}, BEFORE)
        edition({VENDOME: (100, {"30": 100})}, LATEST, ANY)
        assert editions().default == shown
        assert editions().find(None) == shown

    def test_satellite_alone_is_no_default_at_all(self):
        only = edition({VENDOME: (100, {"30": 100})}, LATEST, ANY)
        assert editions().default is None
        assert editions().find(LATEST) == only
        assert of_commune(VENDOME, LATEST).low is None, "what satellite serves says nothing of a gap"

    def test_satellite_beside_another_file_is_no_reason_to_leave_the_edition_out(self):
        fibre({VENDOME: 40}, LATEST)
        both = edition({VENDOME: (100, {"30": 100})}, LATEST, ANY)
        assert editions().default == both

    def test_a_demonstration_is_shown_only_where_there_is_nothing_else(self):
        invented = fibre({VENDOME: 40}, LATEST, demo=True)
        assert editions().default == invented
        real = fibre({VENDOME: 40}, LONG_BEFORE)
        assert editions().default == real

    def test_the_one_before_is_of_the_same_kind(self):
        first = fibre({VENDOME: 40}, date(2024, 12, 31))
        fibre({VENDOME: 40}, LONG_BEFORE, demo=True)
        edition({VENDOME: (100, {"30": 100})}, BEFORE, ANY)
        latest = fibre({VENDOME: 40}, LATEST)
        assert editions().before(latest) == first
        assert editions().before(first) is None


@pytest.mark.django_db
class TestVerdict:
    def test_a_zone_outranks_the_commune_today_and_not_in_an_older_edition(self):
        fibre({VENDOME: 10}, BEFORE)
        fibre({VENDOME: 10}, LATEST)
        centre = centre_of(VENDOME)
        zone((centre.lon - 0.01, centre.lat - 0.01, centre.lon + 0.01, centre.lat + 0.01), "THD1G")
        now, then = at(centre), at(centre, BEFORE)
        assert (now.evidence, now.low, now.count) == ("zone", False, None)
        assert (then.evidence, then.low, then.count) == ("commune", True, Count(10, 100))

    def test_a_point_elsewhere_has_none(self):
        assert at(Position(2.35, 48.85)) is None
