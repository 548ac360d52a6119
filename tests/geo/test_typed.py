"""Positions as people paste them."""

from __future__ import annotations

import pytest

from geo.points import GeoValueError, Position
from geo.typed import read_position


@pytest.mark.parametrize(
    "text",
    ["47.793, 1.066", "47.793,1.066", " 47.793 1.066 ", "47,793 1,066", "47,793 ; 1,066", "47,793,1,066",
     "47,793, 1,066", "geo:47.793,1.066?z=17", "https://maps.example/place/Ferme/@47.793,1.066,17z/data",
     "https://maps.example/?q=47.793,1.066", "https://osm.example/?mlat=47.793&mlon=1.066#map=17/47/1",
     "47.793° N, 1.066° E", "47.793°N,1.066°E", "1.066 E 47.793 N", "47°47'34.8\"N 1°03'57.6\"E"],
)  # fmt: skip
def test_the_same_place_in_many_writings(text):
    assert read_position(text).distance_to(Position(1.066, 47.793)) < 0.1


@pytest.mark.parametrize(
    ("text", "lon"), [("47.79 -0.5", -0.5), ("47.79° N, 0.5° O", -0.5), ("47.79 N 0.5 W", -0.5), ("47,79 0", 0.0)]
)
def test_west_of_greenwich_and_on_it(text, lon):
    assert read_position(text) == Position(lon, 47.79)


@pytest.mark.parametrize(
    "text", ["", "47.79", "47.79,1.06,3", "à la mairie", "NaN NaN", "1e2 3", "95 1", "<b>47 1</b>"]
)
def test_anything_else_is_refused(text):
    with pytest.raises(GeoValueError):
        read_position(text)
