"""What is said of figures: on the safe side of every bound, with the number, the source and the evidence."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from django.utils import translation
from hypothesis import example, given
from hypothesis import strategies as st

from geo.coverage import rule, wording
from geo.coverage.steps import UNKNOWN, Count, rank
from geo.coverage.verdict import at, of_commune
from geo.coverage.wording import percent
from geo.points import Position
from tests.builders import centre_of
from tests.coverage_data import LATEST, WIRED, edition, fibre, zone

LE_BLANC, OSMERY = "36018", "18173"
NBSP = "\u00a0"
BOUNDS = (0, 25, 50, 75, 90, 100, 80, 95, 99, 1, 5, 10, 20)


def read(text: str) -> Fraction:
    return Fraction(text.removesuffix(f"{NBSP}%").replace(",", "."))


class TestPercent:
    @pytest.mark.parametrize(
        ("part", "whole", "text"),
        [
            (173, 176, "98 %"), (34, 100, "34 %"), (346, 1000, "35 %"),
            (0, 7, "0 %"), (7, 7, "100 %"), (1, 2, "50 %"),
            (1, 3_000_000, "0,1 %"), (2_999_999, 3_000_000, "99,9 %"),
            (499, 1000, "49,9 %"), (501, 1000, "50,1 %"), (4999, 10_000, "49,9 %"), (10_001, 100_000, "10,1 %"),
            (0, 0, "–"),
        ],
    )  # fmt: skip
    def test_is_rounded_but_not_onto_a_bound(self, part, whole, text):
        assert percent(part, whole) == text.replace(" ", NBSP)

    @given(st.integers(1, 2_000_000).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
    @example((1, 2_000_000))
    @example((999_999, 2_000_000))
    def test_stays_on_its_side_of_every_bound(self, parts):
        part, whole = parts
        said, exact = read(percent(part, whole)), Fraction(100 * part, whole)
        assert [said > bound for bound in BOUNDS] == [exact > bound for bound in BOUNDS]
        assert [said < bound for bound in BOUNDS] == [exact < bound for bound in BOUNDS]
        assert abs(said - exact) <= Fraction(1, 2)

    @given(st.integers(1, 5_000).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
    def test_what_is_lacking_says_the_same_class(self, parts):
        count = Count(*parts)
        said = 100 - read(percent(count.lacking, count.premises))
        for indicator in ("ftth", "8"):
            assert rank(indicator, count) == rank(indicator, Count(said.numerator, 100 * said.denominator))

    def test_is_written_as_the_language_writes(self):
        with translation.override("en"):
            assert percent(2_999_999, 3_000_000).startswith("99.9")
            assert NBSP not in percent(1, 2)
            assert wording.number(30_000) == "30,000"
        assert wording.number(30_000) == f"30{NBSP}000"
        assert wording.number(0.5) == "0,5"


class TestIndicators:
    def test_names_and_what_premises_are(self):
        assert wording.indicator_name("ftth") == "Fibre"
        assert wording.indicator_name("8") == "8 Mbit/s filaires"
        assert wording.indicator_name("satellite_0.5") == "0,5 Mbit/s, satellite compris"
        assert wording.eligible("ftth") == "éligibles à la fibre"
        assert wording.eligible("1000") == "éligibles à 1 Gbit/s filaires"
        assert wording.eligible("best_copper_8") == "éligibles au mieux à 8 Mbit/s par le cuivre"
        assert wording.eligible("inel") == "inéligibles à 0,5 Mbit/s"

    def test_every_indicator_of_every_layout_has_a_name_of_its_own(self):
        from geo.coverage.layouts import LAYOUTS

        every = [indicator for layout in LAYOUTS.values() for indicator in layout.indicators]
        assert len({wording.indicator_name(indicator) for indicator in every}) == len(every)
        assert all("éligibles" in wording.eligible(indicator) for indicator in every)

    @pytest.mark.parametrize(
        ("indicator", "step", "text"),
        [
            ("ftth", "0-25", "moins de 25 % des locaux éligibles à la fibre"),
            ("ftth", "25-50", "de 25 % à moins de 50 % des locaux éligibles à la fibre"),
            ("8", "99-100", "au moins 99 % des locaux éligibles à 8 Mbit/s filaires"),
            ("ftth", "12.5-25", "de 12,5 % à moins de 25 % des locaux éligibles à la fibre"),
            ("downlink", "BHD8", "de 8 à 30 Mbit/s"),
            ("ftth", UNKNOWN, "aucun chiffre"),
        ],
    )
    def test_classes_are_said_with_their_numbers(self, indicator, step, text):
        assert wording.step_in_words(indicator, step).replace(NBSP, " ") == text


@pytest.mark.django_db
class TestSentences:
    def said(self, code: str) -> str:
        return wording.sentence(of_commune(code)).replace(NBSP, " ")

    def test_a_low_commune_says_what_is_lacking(self):
        edition({LE_BLANC: (176, {"ftth": 3})}, date(2024, 12, 31))
        assert self.said(LE_BLANC) == (
            "Au Blanc, 98 % des locaux ne sont pas éligibles à la fibre (173 sur 176). ARCEP, Ma connexion internet,"
            " édition du 31 décembre 2024. Part de la commune : ce n'est pas la ligne d'une adresse."
        )

    def test_another_says_what_there_is(self):
        edition({LE_BLANC: (2000, {"ftth": 1500})})
        assert self.said(LE_BLANC).startswith("Au Blanc, 75 % des locaux sont éligibles à la fibre (1 500 sur 2 000).")

    def test_where_8_mbit_decides_that_is_what_is_said(self):
        fibre({LE_BLANC: 80})
        edition({LE_BLANC: (100, {"8": 85})}, layout=WIRED)
        assert "15 % des locaux ne sont pas éligibles à 8 Mbit/s filaires (15 sur 100)" in self.said(LE_BLANC)

    def test_unknown_is_not_zero(self):
        fibre({OSMERY: 0})
        assert self.said(LE_BLANC).startswith("Au Blanc, aucun chiffre pour cette commune dans cette édition.")
        assert "100 % des locaux ne sont pas éligibles" in self.said(OSMERY)

    def test_a_commune_without_premises_has_no_share(self):
        edition({LE_BLANC: (0, {})})
        assert self.said(LE_BLANC).startswith("Au Blanc, aucun local dans cette édition.")

    def test_nothing_loaded(self):
        assert self.said(LE_BLANC) == "Aucune édition des chiffres n'est chargée."

    def test_a_demonstration_says_so(self):
        assert "(démonstration)" in wording.dated(fibre({LE_BLANC: 10}, demo=True))
        assert "(démonstration)" in self.said(LE_BLANC)

    def test_a_zone_says_its_numbers_its_works_and_that_it_measures_no_line(self):
        centre = centre_of("41269")
        box = (centre.lon - 0.01, centre.lat - 0.01, centre.lon + 0.01, centre.lat + 0.01)
        zone(box, "BHD8", label="Secteur nord", planned_on=date(2027, 1, 1), day=date(2026, 3, 12))
        found = at(centre)
        assert found is not None
        assert wording.sentence(found).replace(NBSP, " ") == (
            "Zone livrée par le département : de 8 à 30 Mbit/s. Secteur nord. Travaux prévus pour le 1er janvier 2027."
            " SMO, 12 mars 2026. La zone couvre ce point : ce n'est pas une mesure de sa ligne."
        )
        assert wording.evidence(found.evidence) == "zone livrée par le département"

    def test_how_to_cite(self):
        assert wording.cite(fibre({LE_BLANC: 10}, LATEST)).replace(NBSP, " ") == (
            "ARCEP, Ma connexion internet, édition du 30 septembre 2025, Licence Ouverte 2.0 ; calculs Local d'abord."
        )

    def test_a_demonstration_is_not_cited(self):
        assert "ne se citent pas" in wording.cite(fibre({LE_BLANC: 10}, demo=True))


def test_the_map_of_arcep_is_opened_at_the_point(settings):
    settings.COVERAGE_MAP_URL = "https://example.org/?y={lat}&x={lon}"
    assert wording.arcep_map(Position(1.06, 47.79)) == "https://example.org/?y=47.79&x=1.06"


def test_the_rule_says_its_numbers(settings):
    settings.COVERAGE_RULE = {"fibre_below_pct": 62.5, "without_8_above_pct": 10.0, "zone_below_mbit": 30.0}
    assert "moins de 62,5 % des locaux" in rule.in_words().replace(NBSP, " ")
    assert "plus de 10 % sans 8 Mbit/s" in rule.in_words().replace(NBSP, " ")
