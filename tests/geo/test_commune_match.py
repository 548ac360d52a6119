"""The commune meant by names and postcodes as files give them, over the real communes."""

from __future__ import annotations

import csv
import os
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from geo.gazetteer import Gazetteer, gazetteer
from geo.points import Position

SAMPLE_DATA_DIR = Path(os.environ.get("SAMPLE_DATA_DIR", settings.BASE_DIR.parent / "shared" / "data"))

_built: list[Gazetteer] = []


@pytest.fixture
def places(communes) -> Gazetteer:
    """Built once for the module: nothing here changes the communes."""
    if not _built:
        _built.append(gazetteer())
    return _built[0]


@pytest.mark.parametrize(
    ("name", "postcode", "code", "agrees"),
    [
        ("SELLES SUR CHER", "41130", "41242", True),
        ("Vendôme", "41100", "41269", True),
        ("Vendôme", " 41 100 ", "41269", True),
        ("Vendôme", "41100.0", "41269", True),
        ("Vendôme", "", "41269", False),
        ("41100 Vendôme", "", "41269", True),
        ("Vendôme", "41999", "41269", False),
        ("Vendôme", "45000", "41269", False),
        ("Vendôme", "99999", "41269", False),
        ("Vendôme", "nan", "41269", False),
        ("Nogent-le-Rotrou CEDEX", "28404", "28280", False),
        ("ORLEANS CEDEX 2", "45064", "45234", False),
        ("Vineuil", "36110", "36247", True),
        ("Vineuil", "41350", "41295", True),
        ("Vineuil", "41999", "41295", False),
        ("Thou (18)", "", "18264", False),
        ("Thou", "18", "18264", False),
        ("Cloyes", "28220", "28103", True),
        ("CLOYES SUR LE LOIR", "28220", "28103", True),
        ("Sarge", "41170", "41235", True),
        ("Saint Loup sur Cher", "41320", "41222", True),
        ("Saint Juliin sur Cher", "41320", "41218", True),
        ("Romorentin", "41200", "41194", True),
        ("Chateauneuf/Loire", "45110", "45082", True),
        ("", "28220", "28103", True),
    ],
)
def test_resolves_a_name_and_a_postcode(places, name, postcode, code, agrees):
    match = places.resolve_commune(name, postcode)
    assert match.status == "found"
    assert match.entry.code == code
    assert match.postcode_agrees is agrees
    assert match.name_agrees is bool(name)
    assert 0 < match.score <= 1


def test_the_score_says_what_was_odd(places):
    good = places.resolve_commune("Vendôme", "41100").score
    cedex = places.resolve_commune("Vendôme", "41106").score
    elsewhere = places.resolve_commune("Vendôme", "45000").score
    assert good > cedex > elsewhere


@pytest.mark.parametrize(
    ("name", "postcode"), [("Vineuil", ""), ("Vineuil", "99999"), ("", "41100"), ("La Chappe", "41100")]
)
def test_does_not_choose_where_several_are_meant(places, name, postcode):
    match = places.resolve_commune(name, postcode)
    assert match.status == "ambiguous"
    assert match.entry is None
    assert len(match.entries) > 1


@pytest.mark.parametrize(("name", "postcode"), [("", ""), ("Paris", ""), ("Xyzzy", "99999"), ("-", "\x00")])
def test_says_that_it_does_not_know(places, name, postcode):
    match = places.resolve_commune(name, postcode)
    assert (match.status, match.entry, match.outside) == ("unknown", None, False)


def test_a_namesake_in_another_region_is_not_ours(places):
    """Vernouillet is a town of the Yvelines too: its postcode is no slip of the hand."""
    match = places.resolve_commune("Vernouillet", "78540")
    assert (match.status, match.outside) == ("unknown", True)
    assert [entry.code for entry in match.entries] == ["28404"]
    assert places.resolve_commune("Vernouillet", "28500").entry.code == "28404"


@pytest.mark.parametrize(
    ("text", "street", "code"),
    [
        ("12 rue du Change 41100 Vendôme", "12 rue du Change ", "41269"),
        ("12 rue du Change, 41100 VENDOME CEDEX, France", "12 rue du Change, ", "41269"),
        ("12 rue du Change\nVendôme", "12 rue du Change", "41269"),
        ("12 rue du Change, Vendôme 41100", "12 rue du Change", "41269"),
        ("12 rue de Vendôme 41000 Blois", "12 rue de Vendôme ", "41018"),
        ("Vendôme", "", "41269"),
        ("12 rue de Vendôme", "12 rue de Vendôme", None),
        ("12 rue du Change, Paris", "12 rue du Change, Paris", None),
    ],
)
def test_splits_an_address(places, text, street, code):
    left, match = places.split_address(text)
    assert left == street
    assert (match.entry and match.entry.code) == code


@pytest.mark.skipif(not SAMPLE_DATA_DIR.is_dir(), reason=f"no sample data at SAMPLE_DATA_DIR ({SAMPLE_DATA_DIR})")
def test_resolves_the_communes_of_a_real_file(places):
    """821 establishments as published: every row that names a commune of the région is found, and rightly."""
    counts = Counter()
    with (SAMPLE_DATA_DIR / "merchants" / "alimconfiance-cvl.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            match = places.resolve_commune(row["commune"], row["code_postal"])
            counts[match.status] += 1
            counts["agrees"] += match.postcode_agrees
            lat, _, lon = row["lat_lon"].partition(",")
            if match.entry and lon:
                # A town hall is rarely 15 km from the edge of its commune.
                here = Position(float(lon), float(lat))
                counts["far"] += match.entry.position.distance_to(here) > 15_000
    assert counts["found"] == 821
    assert counts["agrees"] >= 811
    assert counts["far"] <= 9  # positions that the file itself has wrong (one is 606 km away)
