"""What a geocoder answers becomes candidates, or one typed error: no network, no database."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.geocoding import (
    Candidate,
    ProviderError,
)
from geo.geocoding.parsing import candidate_from_json, parse_candidates
from geo.points import Position
from tests.geocoder import (
    collection,
    feature,
)


def test_parses_every_candidate_in_order():
    payload = json.loads(collection(feature(), feature("Rue du Change 41100 Vendôme", type="street", score=0.7)))
    first, second = parse_candidates(payload, "ban")
    assert first == Candidate(
        label="12 Rue du Change 41100 Vendôme",
        position=Position(lon=1.0654, lat=47.7931),
        precision="housenumber",
        score=0.95,
        source="ban",
        type="housenumber",
        city="Vendôme",
        citycode="41269",
        postcode="41100",
        id="41269_0230_00012",
    )
    assert (second.precision, second.score) == ("street", 0.7)


@pytest.mark.parametrize(
    ("kind", "precision"),
    [("housenumber", "housenumber"), ("street", "street"), ("locality", "locality"), ("municipality", "commune")],
)
def test_types_become_precisions(kind, precision):
    (found,) = parse_candidates({"features": [feature(type=kind)]}, "ban")
    assert (found.precision, found.type) == (precision, kind)


def test_points_of_interest_are_no_addresses():
    assert parse_candidates({"features": [feature(type="poi")]}, "ban") == []


def test_a_self_hosted_addok_may_give_lists_numbers_and_less():
    payload = {"features": [feature(postcode=["41100", "41000"], id=7, citycode=None, city=None, score=1.02)]}
    (found,) = parse_candidates(payload, "addok")
    assert (found.postcode, found.id, found.citycode, found.city, found.score) == ("41100", "7", "", "", 1.0)


def test_what_no_database_keeps_is_dropped():
    (found,) = parse_candidates({"features": [feature("12 Rue\x00 du \ud800Change\n")]}, "ban")
    assert found.label == "12 Rue du Change"


def without(key):
    broken = feature()
    del broken[key]
    return broken


MALFORMED = {
    "null": None,
    "a list": [],
    "a text": "error",
    "no features": {},
    "features of another type": {"features": {}},
    "features null": {"features": None},
    "a feature that is a text": {"features": ["x"]},
    "no geometry": {"features": [without("geometry")]},
    "geometry null": {"features": [feature() | {"geometry": None}]},
    "no properties": {"features": [without("properties")]},
    "a polygon": {"features": [feature() | {"geometry": {"type": "Polygon", "coordinates": [[[1, 2]]]}}]},
    "no coordinates": {"features": [feature() | {"geometry": {"type": "Point", "coordinates": []}}]},
    "one coordinate": {"features": [feature() | {"geometry": {"type": "Point", "coordinates": [1]}}]},
    "coordinates as texts": {"features": [feature(lon="1.0", lat="47.0")]},
    "coordinates null": {"features": [feature(lon=None)]},
    "NaN": {"features": [feature(lat=math.nan)]},
    "infinity": {"features": [feature(lon=math.inf)]},
    "an endless integer": {"features": [feature(lon=10**400)]},
    "axes exchanged off the Earth": {"features": [feature(lon=47.0, lat=91.0)]},
    "score missing": {"features": [feature(score=None)]},
    "score as a text": {"features": [feature(score="0.9")]},
    "score NaN": {"features": [feature(score=math.nan)]},
    "score true": {"features": [feature(score=True)]},
    "type missing": {"features": [feature(type=None)]},
    "type a list": {"features": [feature(type=["street"])]},
    "label missing": {"features": [feature(label=None)]},
    "label an object": {"features": [feature(label={})]},
    "good, then bad": {"features": [feature(), without("geometry")]},
}


@pytest.mark.parametrize("payload", MALFORMED.values(), ids=MALFORMED)
def test_what_cannot_be_read_is_a_provider_error(payload):
    with pytest.raises(ProviderError) as failure:
        parse_candidates(payload, "ban")
    assert failure.value.retry_after > 0


LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5))
KEYS = st.sampled_from(
    ["features", "geometry", "properties", "coordinates", "type", "score", "label", "Point", "street"]
)
JSON = st.recursive(
    st.one_of(LEAVES, KEYS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=6)),
)


@given(JSON)
def test_no_answer_raises_anything_else(payload):
    for whole in (payload, {"features": [payload]}, {"features": [{"geometry": payload, "properties": payload}]}):
        try:
            parse_candidates(whole, "ban")
        except ProviderError:
            continue


def test_a_candidate_survives_the_cache():
    (found,) = parse_candidates({"features": [feature()]}, "ban")
    assert candidate_from_json(json.loads(json.dumps(found.as_json()))) == found
