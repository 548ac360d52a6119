"""What is asked of a geocoder for an address: no network, no database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.gazetteer import CommuneEntry, Gazetteer
from geo.geocoding import (
    Address,
    GeocodingError,
    cache,
)
from geo.geocoding.scope import scope_of
from geo.geocoding.wording import is_askable, street_text
from geo.points import Position
from tests.geocoder import (
    DOUY,
    VENDOME,
)


@pytest.mark.parametrize(
    ("text", "street"),
    [
        ("12 rue du Change", "12 rue du Change"),
        ("12 R DU CHANGE", "12 rue DU CHANGE"),
        ("12 bis, av. de la Gare", "12 bis, avenue de la Gare"),
        ("5 BD DU GAL DE GAULLE", "5 boulevard DU général DE GAULLE"),
        ("ZA des Prés, Bâtiment B, 12 rue du Change, porte 3", "12 rue du Change"),
        ("Ferme de la Grange - 3 chemin du Moulin", "3 chemin du Moulin"),
        ("6-8 rue du Change", "6 rue du Change"),
        ("1/21 rue du Change", "1 rue du Change"),
        ("3 rue du 8-Mai-1945", "3 rue du 8-Mai-1945"),
        ("Salle des fêtes, Espace Ronsard", "Espace Ronsard"),
        ("16 ch. des Joncs", "16 chemin des Joncs"),
        ("Mairie, 12 Grande-Rue", "12 Grande-Rue"),
        ("Hôtel de ville - 9 le Bourg", "9 le Bourg"),
        ("Place de l'Église, porte gauche", "Place de l'Église"),
        ("Place du Marché (face à l'école)", "Place du Marché"),
        ("Les Granges, La Chappe", "Les Granges, La Chappe"),
        ("Bâtiment 3, La Chappe", "Bâtiment 3, La Chappe"),
        ("12 rue du Change BP 40012", "12 rue du Change"),
        ("12 rue du Change CEDEX 2", "12 rue du Change"),
        ("Lieu-dit La Chappe", "La Chappe"),
        ("LD La Chappe", "La Chappe"),
        ("La Chappe", "La Chappe"),
        ("- (La Chappe)", "La Chappe"),
        ("12\x00rue\ndu\tChange", "12 rue du Change"),
        ("\ud800", ""),
        ("", ""),
        ("...", ""),
    ],
)
def test_wording(text, street):
    assert street_text(text) == street


@given(st.text(max_size=500))
def test_wording_gives_what_a_service_takes(text):
    street = street_text(text)
    assert len(street) <= 200
    assert street.isprintable()
    assert not street or street[0].isalnum()


@pytest.mark.parametrize(("text", "askable"), [("ab", False), ("abc", True), ("a" * 200, True), ("a" * 201, False)])
def test_services_take_three_to_two_hundred_characters(text, askable):
    assert is_askable(text) is askable


@given(st.text(max_size=450), st.text(max_size=10), st.text(max_size=30))
def test_any_address_gives_questions_that_a_service_takes(text, postcode, name):
    entry = CommuneEntry(VENDOME, "Vendôme", "41", None, ("41100",), 16_000, Position(1.06, 47.79), (DOUY,))
    places = Gazetteer([entry], {"41": "Loir-et-Cher"})
    for address in (Address(text), Address(text, postcode, commune_name=name), Address(text, commune_code=VENDOME)):
        try:
            questions = scope_of(places, address).queries()
        except GeocodingError:
            continue
        assert all(is_askable(question.text) and question.text.isprintable() for question in questions)
        assert all(len(cache.key_of("ban", question)) <= 300 for question in questions)
