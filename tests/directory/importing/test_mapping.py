"""Mapping files: what is wrong with one is said, all of it at once."""

from __future__ import annotations

import copy
import csv
import re
from datetime import date

import pytest

from directory.importing import InvalidMapping, UnknownMapping
from directory.importing.mapping import Meaning, Verdict, load, names, parse
from directory.vocabulary import vocabulary
from geo.folding import fold

SOUND = {
    "source": {"slug": "liste-x", "name": "Liste X", "producer": "Y", "licence": "Z"},
    "columns": {"name": "nom", "activities": "activités", "insee": "code"},
    "activities": {"Abattoir": "not_a_shop", "Four": {"activities": ["bakery"], "kind": "shop", "products": ["bread"]}},
}


def changed(path: str, value: object) -> dict:
    document = copy.deepcopy(SOUND)
    *tables, key = path.split("/")
    inner = document
    for table in tables:
        inner = inner.setdefault(table, {})
    if value is None:
        del inner[key]
    else:
        inner[key] = value
    return document


def test_a_sound_one():
    mapping = parse(changed("source/published_on", date(2026, 1, 31)))
    assert mapping.source.published_on == date(2026, 1, 31)
    assert mapping.meanings == {"abattoir": Verdict.NOT_A_SHOP, "four": Meaning(("bakery",), "shop", ("bread",))}
    assert mapping.columns["name"].required


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("sources/slug", "x", r"\[sources\] is not a table of a mapping; the nearest is source"),
        ("source/licences", "x", "licences is not known; the nearest is licence"),
        ("source/name", None, "name is needed"),
        ("source/slug", "Liste X", "slug must be small letters"),
        ("source/url", "javascript:alert(1)", "https://"),
        ("source/published_on", "2026-01-31", "must be a date"),
        ("source/licence", "x" * 101, "100 characters"),
        ("columns/name", None, "name is needed"),
        ("columns/insee", None, "commune, insee or postcode is needed"),
        ("columns/lat", "lat", "lat and lon go together"),
        ("columns/ville", "ville", "ville is not known"),
        ("point/order", "x,y", "order must be"),
        ("point/precision", "exact", "precision must be one of"),
        ("not_a_shop/names", ["(ecole"], "not a regular expression"),
        ("activities/Four", "bakery", "'Four' must be"),
        ("activities/Four", {"activities": ["bakery"], "kind": "magasin"}, "'Four' must be"),
        ("activities/Four", {"activities": ["bakery"], "kind": "shop", "colour": 1}, "colour is not known"),
        ("activities/ABATTOIR", {"activities": ["bakery"], "kind": "shop"}, "stands twice, with two meanings"),
        ("cells", "x", "cells must be a table"),
    ],
)
def test_each_mistake_is_named(path, value, message):
    with pytest.raises(InvalidMapping, match=message):
        parse(changed(path, value))


def test_all_mistakes_are_named_at_once():
    document = changed("source/name", None) | {"columns": {"activities": "x"}}
    with pytest.raises(InvalidMapping) as caught:
        parse(document)
    assert len(str(caught.value).splitlines()) == 3


def test_unknown_mappings_and_files(tmp_path):
    with pytest.raises(UnknownMapping, match="Known: alimconfiance, generic"):
        load("alim")
    with pytest.raises(UnknownMapping):
        load(str(tmp_path / "absent.toml"))
    with pytest.raises(UnknownMapping):
        load("../../../config/settings")
    path = tmp_path / "mine.toml"
    path.write_text("[source\n")
    with pytest.raises(InvalidMapping, match=r"mine\.toml: "):
        load(str(path))


@pytest.mark.django_db
@pytest.mark.parametrize("name", names())
def test_codes_of_the_mappings_are_in_the_vocabulary(name):
    assert load(name).problems_with(vocabulary()) == []


@pytest.mark.django_db
def test_an_unknown_code_is_named_with_the_nearest():
    mapping = parse(changed("activities/Four", {"activities": ["bakry"], "kind": "shop", "products": ["bred"]}))
    assert mapping.problems_with(vocabulary()) == [
        "activities, 'four': no activity has the code 'bakry'; the nearest is 'bakery'",
        "activities, 'four': no product has the code 'bred'; the nearest is 'bread'",
    ]


def test_apostrophes_case_and_ligatures_do_not_matter():
    meanings = load("alimconfiance").meanings
    for wording in (
        "Chaîne d’abattage de volaille/lagomorphe/petit gibier",
        "PRODUCTION D'OEUFS LIQUIDES ET D’OVOPRODUITS",
    ):
        assert meanings[fold(wording)] is Verdict.NOT_A_SHOP


def test_every_wording_of_the_real_file_is_mapped(sample_data):
    with (sample_data / "merchants" / "alimconfiance-cvl.csv").open(encoding="utf-8", newline="") as file:
        cells = [row["activites"] for row in csv.DictReader(file, delimiter=";")]
    wordings = {word for cell in cells for word in cell.split("|") if word}
    assert len(wordings) == 45
    assert {word for word in wordings if fold(word) not in load("alimconfiance").meanings} == set()


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        ("columns/name", 3, "[columns] name must be a list of texts"),
        ("columns/name", ["nom", 3], "[columns] name must be a list of texts"),
        ("source/slug", 3, "[source] slug must be a text"),
        ("cells/rows", ["data"], "[cells] rows must be a text"),
        ("cells/vocabulary_words", "true", "[cells] vocabulary_words must be true or false"),
        ("cells/empty", "nc", "[cells] empty must be a list of texts"),
        ("not_a_shop/names", [1], "[not_a_shop] names must be a list of texts"),
        ("activities/Four", {"activities": "bakery", "kind": "shop"}, "activities must be a list of codes"),
        (
            "activities/Four",
            {"activities": ["bakery"], "kind": "shop", "products": 1},
            "products must be a list of codes",
        ),
    ],
)
def test_values_of_another_type(path, value, problem):
    with pytest.raises(InvalidMapping, match=re.escape(problem)):
        parse(changed(path, value))
