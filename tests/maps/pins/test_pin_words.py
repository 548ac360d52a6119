"""Where a pin lies and how it was placed, in words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User

from directory.models import PointOfSale
from directory.pinning.doubts import Doubt
from geo.gazetteer import gazetteer
from maps.pins import wording as words
from tests.builders import VENDOME, at, centre_of

pytestmark = pytest.mark.django_db
NBSP = "\u00a0"


@pytest.fixture
def vendome():
    return gazetteer().commune(VENDOME)


@pytest.mark.parametrize(
    ("bearing", "metres", "said"),
    [
        (0, 60, "60 m au nord du centre de Vendôme"),
        (90, 1234, "1,2 km à l'est du centre de Vendôme"),
        (224, 990, "990 m au sud-ouest du centre de Vendôme"),
        (10, 8, "Au centre de Vendôme"),
    ],
)
def test_where(vendome, bearing, metres, said):
    assert words.whereabouts(at(centre_of(), bearing, metres), vendome).replace(NBSP, " ") == said


def test_the_name_follows_its_preposition():
    blanc = gazetteer().commune("36018")
    assert words.whereabouts(at(blanc.position, 180, 400), blanc).endswith("au sud du centre du Blanc")


def pinned(**fields):
    day = datetime(2026, 3, 12, 22, 30, tzinfo=UTC)
    given = {"pin_precision": "street", "pin_source": "ban", "pin_score": 0.6249, "pin_at": day}
    return PointOfSale(**(given | fields))


def test_how():
    me = User(pk=7)
    said = words.how_placed(pinned(), me).replace(NBSP, " ")
    assert said == "À la rue, pas au numéro ; score 0,62 ; base adresse nationale, 12 mars 2026 ; automatiquement"
    found = words.how_placed(pinned(pin_label="Rue du Change 41100 Vendôme"), me)
    assert "trouvée comme «\u00a0Rue du Change 41100 Vendôme\u00a0»" in found
    by_me = pinned(pin_precision="manual", pin_source="manual", pin_score=None, pin_by=me)
    assert words.how_placed(by_me, me).replace(NBSP, " ") == "Placée à la main ; 12 mars 2026 ; par vous"


@pytest.mark.parametrize(
    ("person", "said"),
    [(None, "automatiquement"), (User(pk=7), "par vous"), (User(pk=8, is_staff=True), "par un agent"),
     (User(pk=8), "par un autre compte")],
)  # fmt: skip
def test_by_whom(person, said):
    assert words.by_whom(person, User(pk=7)) == said


def test_a_centre_has_no_score():
    row = pinned(pin_precision="commune", pin_source="gazetteer", pin_score=1.0, pin_label="Vendôme")
    said = words.how_placed(row, User(pk=7))
    assert "score" not in said
    assert "trouvée" not in said


def test_doubts_say_how_far_and_where(vendome):
    told = Doubt("outside_commune", 3210, "Areines")
    assert words.doubt(told, vendome).replace(NBSP, " ") == "L'épingle est dans Areines, à 3,2 km hors de Vendôme."
    told = Doubt("outside_commune", 3210)
    assert "hors de la région" in words.doubt(told, vendome)
    assert "450" in words.doubt(Doubt("far_from_address", 450), vendome)


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"pin_hidden": True}, "ne voit que la commune"), ({"pin": centre_of, "pin_precision": "commune"}, "commune sur"),
     ({"pin": centre_of}, "l'adresse et l'épingle")],
)  # fmt: skip
def test_what_the_public_sees(fields, said):
    given = {name: value().to_geos() if callable(value) else value for name, value in fields.items()}
    assert said in words.shown_to_public(pinned(**given))
