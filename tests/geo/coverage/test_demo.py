"""Demonstration coverage: plausible, the same for the same seed, marked, refused beside what is real, gone at once."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from datetime import date
from pathlib import Path
from statistics import mean

import pytest
from django.core.management import CommandError, call_command

from config.management.commands.prepare import fill_empty_coverage
from directory.models import GapCase
from geo.coverage import demo, rule, verdict
from geo.coverage.demo.figures import AFTER, BEFORE, Counted, invent
from geo.coverage.figures import editions
from geo.coverage.layouts import LAYOUTS
from geo.coverage.steps import Count
from geo.gazetteer import CommuneEntry, gazetteer
from geo.models import CommuneFigures, CopperClosure, Departement, Edition, Zone, ZoneFile
from geo.points import Position
from tests.builders import centre_of, point_of_sale
from tests.coverage_data import closure, fibre, zone

SECOND_REGION = Path(__file__).parents[2] / "fixtures" / "second_region"


@pytest.fixture(scope="module")
def entries(django_db_setup, django_db_blocker):  # type: ignore[no-untyped-def]
    with django_db_blocker.unblock():
        return gazetteer().entries


@pytest.fixture(scope="module")
def invented(entries):
    return invent(entries, 1)


def counted(rows, when="after"):
    """Counts by commune of one of the two editions, without the unknown."""
    return {row.code: found for row in rows if (found := getattr(row, when)) is not None}


def share(counts: Counted) -> float:
    return counts.eligible["commune_techno"]["ftth"] / counts.premises


def low(counts: Counted) -> bool:
    finding = rule.find(
        {
            "ftth": Count(counts.eligible["commune_techno"]["ftth"], counts.premises),
            "8": Count(counts.eligible["commune_debit_filaire"]["8"], counts.premises),
        }
    )
    assert finding is not None
    return finding.low


class TestFigures:
    def test_the_same_seed_gives_the_same_figures(self, entries, invented):
        assert invent(list(reversed(entries)), 1) == invented
        assert invent(entries, 2) != invented

    def test_counts_hold_together(self, invented):
        for row in invented:
            for counts in (row.before, row.after):
                for layout, eligible in counts.eligible.items() if counts else ():
                    columns = LAYOUTS[layout].columns
                    assert tuple(eligible) == tuple(columns.values())
                    assert all(0 <= count <= counts.premises for count in eligible.values()), row.code
                    falling = [eligible[columns[name]] for name in LAYOUTS[layout].cumulative]
                    assert falling == sorted(falling, reverse=True), row.code
                if counts:
                    speeds, technologies = counts.eligible["commune_debit_filaire"], counts.eligible["commune_techno"]
                    assert speeds["inel"] + speeds["0.5"] == counts.premises
                    assert speeds["1000"] == technologies["ftth"] < counts.premises

    @pytest.mark.parametrize("seed", [1, 2, 3])
    def test_an_eighth_of_the_communes_is_low_everywhere(self, entries, seed):
        lows = defaultdict(list)
        ground = gazetteer_of(entries)
        for code, counts in counted(invent(entries, seed)).items():
            lows[ground[code].departement].append(low(counts))
        assert 0.10 <= mean(mean(found) for found in lows.values()) <= 0.15
        assert all(mean(found) >= 0.09 for found in lows.values())

    def test_towns_are_served_and_neighbours_alike(self, entries, invented):
        shares = {code: share(counts) for code, counts in counted(invented).items()}
        ground = gazetteer_of(entries)
        assert all(shares[code] >= 0.9 for code in shares if ground[code].population >= 10_000)
        assert any(value < 0.25 for value in shares.values())
        known = [ground[code] for code in shares]
        near = mean(abs(shares[entry.code] - shares[nearest(entry, known).code]) for entry in known[::5])
        shuffled = random.Random(1).sample(known, len(known))
        far = mean(abs(shares[a.code] - shares[b.code]) for a, b in zip(known, shuffled, strict=True))
        assert near < far * 0.75

    def test_most_improve_some_enter_the_gap_and_some_get_worse(self, entries, invented):
        before, after = counted(invented, "before"), counted(invented)
        both = before.keys() & after.keys()
        assert mean(share(after[code]) > share(before[code]) for code in both) > 0.8
        happened = defaultdict(set)
        for code in both:
            was, is_ = low(before[code]), low(after[code])
            worse = share(before[code]) - share(after[code]) > 0.01
            what = {(False, True): "entered", (True, False): "left"}.get((was, is_), "worse" if was and worse else "")
            happened[gazetteer_of(entries)[code].departement].add(what)
        assert len(happened) == 6
        assert all(found >= {"entered", "left", "worse"} for found in happened.values())

    def test_a_few_communes_are_unknown(self, entries, invented):
        before, after = counted(invented, "before"), counted(invented)
        assert len(before) == len(after) == len(entries) - 2
        assert before.keys() != after.keys()


def gazetteer_of(entries) -> dict[str, CommuneEntry]:
    return {entry.code: entry for entry in entries}


def nearest(entry, others) -> CommuneEntry:
    x, y = entry.position.lon, entry.position.lat
    rest = (other for other in others if other is not entry)
    return min(rest, key=lambda other: (0.68 * (other.position.lon - x)) ** 2 + (other.position.lat - y) ** 2)


def test_another_region_has_its_gap_too():
    features = json.loads((SECOND_REGION / "communes.geojson").read_text("utf-8"))["features"]
    entries = [
        CommuneEntry(
            code=said["code"], name=said["name"], departement=said["departement"], epci=said["epci"],
            postcodes=tuple(said["postcodes"]), population=said["population"], position=Position(*said["centre"]),
            former_codes=(), former_names=(),
        )
        for said in (feature["properties"] for feature in features)
    ]  # fmt: skip
    after = counted(invent(entries, 1))
    assert len(after) == len(entries), "too few for some to be unknown"
    assert 1 <= sum(map(low, after.values())) <= 5


class TestSeeding:
    @pytest.fixture
    def seeded(self, db):  # type: ignore[no-untyped-def]
        return demo.seed_coverage(1)

    def test_every_row_is_marked_and_says_so(self, seeded):
        assert editions().default.date == AFTER
        assert editions().before(editions().default).date == BEFORE
        for model in (Edition, ZoneFile, CopperClosure):
            assert model.objects.exists()
            assert not model.objects.filter(demo=False).exists()
        sources = {file.source for entry in editions().entries for file in entry.files}
        sources |= {row.source for model in (ZoneFile, CopperClosure) for row in model.objects.all()}
        assert sources == {"Démonstration (chiffres inventés)"}
        assert verdict.of_commune("41018").demo

    def test_each_departement_has_zones_of_its_own_and_closures(self, seeded):
        for departement in Departement.objects.all():
            zones = Zone.objects.filter(file__departement=departement)
            assert 5 <= zones.count() <= 7
            assert {zone.planned_on is None for zone in zones} == {True, False}
            assert {rule.zone_is_low(zone.speed) for zone in zones} == {True, False}
            assert all(zone.area.valid and departement.contour.buffer(1e-5).covers(zone.area) for zone in zones)
            closing = CopperClosure.objects.filter(code__startswith=departement.code)
            assert {row.technical_on.year for row in closing} == set(range(2026, 2031))
            assert all(row.commercial_on < row.technical_on for row in closing)

    def test_merchants_of_low_communes_become_cases_and_cease_to_be(self, db, invented):
        code = next(code for code, counts in counted(invented).items() if low(counts))
        place = point_of_sale("Épicerie", commune=code, pin=centre_of(code))
        demo.seed_coverage(1)
        assert GapCase.objects.get(point_of_sale=place).in_gap
        call_command("seed_coverage", "--remove")
        assert not GapCase.objects.filter(point_of_sale=place).exists()
        assert not any(model.objects.exists() for model in (Edition, CommuneFigures, ZoneFile, Zone, CopperClosure))
        assert editions().default is None

    def test_seeding_again_replaces(self, seeded):
        before = {(row.file.layout, row.code): row.eligible for row in CommuneFigures.objects.select_related("file")}
        assert demo.seed_coverage(1) == seeded
        again = {(row.file.layout, row.code): row.eligible for row in CommuneFigures.objects.select_related("file")}
        assert again == before
        assert Edition.objects.count() == 2

    @pytest.mark.parametrize(
        "real", [lambda: fibre({"41018": 90}), lambda: zone((1, 47, 2, 48), "HD3"), lambda: closure("41018", AFTER)]
    )
    def test_nothing_is_invented_beside_what_is_real(self, db, real):
        real()
        with pytest.raises(CommandError, match=r"real [a-z ]+ \(1\): invented ones would mix"):
            call_command("seed_coverage")
        assert not Edition.objects.filter(demo=True).exists()

    def test_with_force_what_is_real_stays(self, db):
        fibre({"41018": 90}, day=AFTER)
        closure("41018", date(2027, 1, 31))
        call_command("seed_coverage", "--force")
        assert dict(Edition.objects.values_list("date", "demo")) == {AFTER: False, BEFORE: True}
        assert not CopperClosure.objects.get(code="41018").demo
        demo.remove_demo()
        assert [row.date for row in Edition.objects.all()] == [AFTER]
        assert [row.code for row in CopperClosure.objects.all()] == ["41018"]

    def test_a_fresh_machine_gets_it_once(self, db, settings):
        settings.DATABASE_IS_EXTERNAL = True
        assert fill_empty_coverage() == ""
        settings.DATABASE_IS_EXTERNAL = False
        assert "2 editions of 1754 communes" in fill_empty_coverage()
        assert fill_empty_coverage() == ""

    def test_a_machine_with_zones_of_its_own_gets_none(self, db, settings):
        settings.DATABASE_IS_EXTERNAL = False
        zone((1, 47, 2, 48), "HD3")
        assert fill_empty_coverage() == ""
        assert not Edition.objects.exists()
