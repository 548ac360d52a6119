"""Rows -> candidates or refusals: each rule, and the edges of each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.fr import siret as siret_number

from directory.importing import casing, people
from directory.importing.candidates import Refusal
from directory.importing.casing import in_french_case
from directory.importing.errors import Refused
from directory.importing.mapping import load
from directory.importing.reading import BadRow
from directory.importing.validating import Validator, read_siret
from directory.vocabulary import vocabulary
from geo.gazetteer import gazetteer
from tests.builders import VENDOME, at
from tests.directory.importing.checking import codes, refused, taken
from tests.directory.importing.conftest import PIN, name_of, siret

pytestmark = pytest.mark.django_db


def test_a_sound_row():
    candidate = taken()
    assert candidate.notes == []
    assert candidate.external_id == candidate.fields["siret"] == siret(1)
    assert candidate.fields["name"] == in_french_case(name_of(1))
    assert candidate.fields["street"] == "1 Rue du Change"
    assert (candidate.fields["postcode"], candidate.fields["commune"]) == ("41100", VENDOME)
    assert candidate.fields["pin"] == [1.065556, 47.793056]
    assert (candidate.fields["activities"], candidate.fields["kind"]) == (["restaurant"], "restaurant")
    assert candidate.fields["holds"] == []
    assert not candidate.fields["doubtful"]


def test_a_row_of_the_wrong_shape_is_refused_with_its_line():
    (result,) = Validator(load("alimconfiance"), vocabulary(), gazetteer()).check([BadRow(9, "wrong_columns", "why")])
    assert result == Refusal(9, "wrong_columns", "why")


class TestSiret:
    @given(st.from_regex(r"[0-9]{14}", fullmatch=True) | st.from_regex(r"356000000[0-9]{5}", fullmatch=True))
    def test_judged_as_stdnum_does(self, text):
        try:
            mine = read_siret(text, [])
        except Refused:
            mine = ""
        assert mine == (text if siret_number.is_valid(text) and not text.endswith("00000") else "")

    @given(st.integers(0, 99_999_999), st.integers(1, 9999))
    def test_valid_ones_are_taken(self, number, place):
        text = siret(number % 70_000_000, place)
        assert siret_number.is_valid(text)
        assert read_siret(text, []) == text

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ("80348479900026", "invalid_siret"),
            ("8034847990002", "invalid_siret"),
            ("803484799", "invalid_siret"),
            ("ABC", "invalid_siret"),
            ("80348479900025 / 2", "invalid_siret"),
            ("٨٠٣٤٨٤٧٩٩٠٠٠٢٥", "invalid_siret"),
            ("8,0348E+13", "siret_lost_digits"),
            ("8.0348e13", "siret_lost_digits"),
            ("80348479900000", "siret_lost_digits"),
        ],
    )
    def test_refused(self, given, code):
        assert refused(siret=given).code == code

    def test_spaces_are_allowed_and_a_lost_zero_is_put_back(self):
        assert taken(siret="803 484 799 00025").fields["siret"] == "80348479900025"
        candidate = taken(siret="8678115000015")
        assert candidate.fields["siret"] == "08678115000015"
        assert codes(candidate) == ["siret_padded"]

    def test_a_row_without_has_an_id_of_its_own_making(self):
        candidate = taken(siret="")
        assert candidate.fields["siret"] == ""
        assert not candidate.own_id
        assert (
            candidate.external_id
            == taken(siret="").external_id
            != taken(siret="", street="2 RUE DU CHANGE").external_id
        )

    def test_a_refused_row_keeps_its_id(self):
        assert refused(name="72").external_id == siret(1)
        assert refused(siret="80348479900026").external_id == ""


class TestActivities:
    @pytest.mark.parametrize(
        "activity",
        [
            "Restauration collective",
            "CHAINE D’ABATTAGE D'ANIMAUX BOUCHERIE/GIBIER ONGULE ELEVAGE",
            "Collecte de lait|Transport de denrées alimentaires",
        ],
    )
    def test_places_that_are_no_shops(self, activity):
        assert refused(activities=activity).code == "not_a_shop"

    def test_a_shop_s_activity_wins(self):
        candidate = taken(activities="Chaîne d'abattage de volaille/lagomorphe/petit gibier|Producteur fermier")
        assert (candidate.fields["activities"], candidate.fields["kind"]) == (["farm"], "farm_gate")

    def test_several_activities_make_one_kind(self):
        candidate = taken(activities="Alimentation générale|Libre service|Traiteur|")
        assert candidate.fields["kind"] == "shop"
        assert candidate.fields["activities"] == ["caterer", "grocery"], "a food shop is implied by a grocery"
        assert (
            taken(activities="Producteur fermier|Transformation de lait ou produits laitiers").fields["kind"]
            == "farm_gate"
        )

    @pytest.mark.parametrize("activity", ["Astrologue", "", "Distribution automatique"])
    def test_what_is_not_known_waits(self, activity):
        candidate = taken(activities=activity)
        assert candidate.fields["holds"] == ["unknown_activity"]
        assert candidate.fields["activities"] == []
        assert codes(candidate) == ["unknown_activity"]

    def test_an_unknown_one_beside_a_known_one_is_noted(self):
        candidate = taken(activities="Restaurant|Astrologue")
        assert candidate.fields["holds"] == []
        assert codes(candidate) == ["unknown_activity"]

    @pytest.mark.parametrize(
        "name",
        [
            "EHPAD LES GENETS",
            "ECOLE PRIMAIRE PUBLIQUE",
            "COLLEGE JEAN MOULIN",
            "CUISINE CENTRALE",
            "CRECHE DU PARC",
            "MAIRIE",
            "E.S.A.T LES TISSANDIERS",
            "ASSOCIATION RESIDENCE ANDRE MAGINOT",
            "RESTAURANT MUNICIPAL VICTOR HUGO",
        ],
    )
    def test_names_that_betray_a_canteen(self, name):
        assert refused(name=name).code == "not_a_shop"

    @pytest.mark.parametrize(
        "name", ["CRECHE FRERES", "LA CANTINETTA", "CAFE DE L'HOPITAL", "L'ANCIENNE ECOLE", "LES CH'TIS"]
    )
    def test_names_that_only_look_so(self, name):
        assert taken(name=name).fields["holds"] == []

    def test_public_bodies_are_no_shops(self):
        number = siret_number.compact("21180263200011")
        assert refused(siret=number).code == "not_a_shop"
        assert taken(mapping="generic", siret=number).fields["siret"] == number

    def test_the_generic_mapping_reads_the_vocabulary_s_words(self):
        candidate = taken(mapping="generic", activities="Fournil|goat_farm", products="Fromage de chèvre|bread|Lune")
        assert candidate.fields["activities"] == ["bakery", "goat_farm"]
        assert candidate.fields["products"] == ["bread", "goat_cheese"]
        assert candidate.fields["kind"] == "farm_gate"
        assert codes(candidate) == ["unknown_product"]
        assert taken(mapping="generic", activities="potter").fields["kind"] == "workshop"
        assert (
            taken(mapping="generic", activities="bakery", kind="Distributeur automatique").fields["kind"]
            == "vending_machine"
        )
        assert codes(taken(mapping="generic", activities="bakery", kind="igloo")) == ["unknown_kind"]


class TestTheRest:
    @pytest.mark.parametrize(("name", "code"), [("", "no_name"), ("72 74 76", "no_name"), ("A" * 201, "too_long")])
    def test_names_that_are_none(self, name, code):
        assert refused(name=name).code == code

    def test_nothing_is_kept_in_memory_of_a_cell_that_is_far_too_long(self):
        word = "A" * 100_000
        for cached in (casing._chunk, people._folded):
            cached.cache_clear()
        assert refused(name=f"CHEZ {word}").code == "too_long"
        assert refused(street=f"CHEZ {word}").code == "too_long"
        assert codes(taken(mapping="generic", opening_hours="Mo 09:00-12:00" + " " * 2_000 + "open")) == [
            "invalid_hours"
        ]
        casing._chunk(word, False)
        people._folded(word)
        assert (casing._chunk.cache_info().hits, people._folded.cache_info().hits) == (0, 0)

    def test_a_street_that_repeats_the_name_is_none(self):
        assert taken(name="CAFÉ DU PIC", street="Cafe du pic").fields["street"] == ""

    def test_a_person_s_name_waits(self):
        assert taken(name="CHERY SERGE").fields["holds"] == ["natural_person"]

    @pytest.mark.parametrize(
        ("field", "good", "stored"),
        [
            ("phone", "02 54 00 00 00", "02 54 00 00 00"),
            ("email", "a@exemple.fr", "a@exemple.fr"),
            ("website", "https://exemple.fr/x", "https://exemple.fr/x"),
            ("website", "www.exemple.fr", "https://www.exemple.fr"),
            ("opening_hours", "Mo-Fr  09:00-12:30", "Mo-Fr 09:00-12:30"),
        ],
    )
    def test_side_values(self, field, good, stored):
        assert taken(mapping="generic", **{field: good}).fields[field] == stored

    @pytest.mark.parametrize(
        ("field", "bad", "note"),
        [
            ("phone", "appelez-moi", "invalid_phone"),
            ("email", "a@", "invalid_email"),
            ("website", "javascript:alert(1)", "invalid_website"),
            ("website", "JavaScript:alert(1)", "invalid_website"),
            ("website", "ftp://exemple.fr", "invalid_website"),
            ("website", "https://exemple.fr/" + "x" * 200, "invalid_website"),
            ("opening_hours", "le matin", "invalid_hours"),
        ],
    )
    def test_side_values_that_are_not_sound_are_left_out(self, field, bad, note):
        candidate = taken(mapping="generic", **{field: bad})
        assert candidate.fields[field] == ""
        assert codes(candidate) == [note]

    def test_the_hash_tells_what_changed(self):
        assert taken().row_hash == taken().row_hash
        assert taken().row_hash != taken(street="2 RUE DU CHANGE").row_hash
        far, further = (at(PIN, 0, metres) for metres in (30_000, 31_000))
        hashes = {taken(lat_lon=f"{point.lat:.6f},{point.lon:.6f}").row_hash for point in (far, further)}
        assert len(hashes) == 2, "also of a point that was not believed"
