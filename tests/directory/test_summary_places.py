"""The one-sentence answer: where, and how far. See sentences.py for the notation."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.contrib.gis.measure import D

from directory.questions import Question
from directory.summary.facts import alternatives, measure, reach
from directory.summary.french_places import in_departement, in_epci
from geo.french import at, elides, of
from geo.gazetteer import Place
from tests.directory.sentences import VIEW, Case, ids, near, place

AROUND = [
    (place("Orléans"), "d'Orléans", "Orléans"),
    (place("Le Blanc"), "du Blanc", "Le Blanc"),
    (place("La Châtre"), "de La Châtre", "La Châtre"),
    (place("Les Montils"), "des Montils", "Les Montils"),
    (place("L'Île-Bouchard"), "de L'Île-Bouchard", "L'Île-Bouchard"),
    (place("Éguzon-Chantôme"), "d'Éguzon-Chantôme", "Éguzon-Chantôme"),
    (place("41100 Vendôme", "postcode", "41100"), "de Vendôme (41100)", "Vendôme (41100)"),
    (place("36300 Le Blanc", "postcode", "36300"), "du Blanc (36300)", "Le Blanc (36300)"),
    (
        place("12 Rue du Change 41100 Vendôme", "address"),
        "du 12 Rue du Change 41100 Vendôme",
        "12 Rue du Change 41100 Vendôme",
    ),
    (
        place("Rue du Change 41100 Vendôme", "address"),
        "de la rue du Change 41100 Vendôme",
        "Rue du Change 41100 Vendôme",
    ),
    (
        place("Avenue Ronsard 41100 Vendôme", "address"),
        "de l'avenue Ronsard 41100 Vendôme",
        "Avenue Ronsard 41100 Vendôme",
    ),
    (place("Les Aigremonts 41000 Blois", "address"), "des Aigremonts 41000 Blois", "Les Aigremonts 41000 Blois"),
    (None, "du point choisi", "the chosen point"),
    (place("Loir-et-Cher", "departement", "41"), "du point choisi", "the chosen point"),
]

RADII = [
    (D(km=10), "10~km", "10~km"),
    (D(m=500), "500~m", "500~m"),
    (D(m=999.7), "1~km", "1~km"),
    (D(km=2.5), "2,5~km", "2.5~km"),
    (D(km=2.25), "2,25~km", "2.25~km"),
    (D(mi=10), "16,1~km", "16.1~km"),
    (D(km=200), "200~km", "200~km"),
]

# These read names of the ground in the database.
FILTERS = [
    Case(
        Question(products=("honey",), departements=("41",)),
        37,
        "37 adresses vendent du miel dans le Loir-et-Cher.",
        "37 places sell honey in Loir-et-Cher.",
    ),
    Case(
        Question(activities=("farm",), departements=("28", "37")),
        5,
        "5 fermes en Eure-et-Loir ou en Indre-et-Loire.",
        "5 farms in Eure-et-Loir or Indre-et-Loire.",
    ),
    Case(
        Question(activities=("farm",), departements=("18", "36", "37", "45", "28")),
        5,
        "5 fermes dans le Cher, dans l'Indre ou dans 3 autres départements.",
        "5 farms in Cher, Indre or 3 other départements.",
    ),
    Case(
        Question(activities=("bakery",), communes=("41269",)),
        1,
        "Une boulangerie à Vendôme.",
        "One bakery in Vendôme.",
    ),
    Case(
        Question(activities=("bakery",), products=("bread",), communes=("36018", "41147")),
        6,
        "6 boulangeries vendent du pain au Blanc ou aux Montils.",
        "6 bakeries sell bread in Le Blanc or Les Montils.",
    ),
    Case(
        Question(communes=("36046", "37119", "45234", "41269", "41018")),
        6,
        "6 adresses à La Châtre, à L'Île-Bouchard ou dans 3 autres communes.",
        "6 places in La Châtre, L'Île-Bouchard or 3 other communes.",
    ),
    Case(
        Question(activities=("farm",), epcis=("200006971",)),
        3,
        "3 fermes dans la communauté de communes du Perche.",
        "3 farms in the communauté de communes du Perche.",
    ),
    Case(
        Question(activities=("farm",), epcis=("200072072", "244500468")),
        3,
        "3 fermes dans la communauté d'agglomération Territoires Vendômois ou sur le territoire d'Orléans Métropole.",
        "3 farms in the communauté d'agglomération Territoires Vendômois or Orléans Métropole.",
    ),
    Case(  # all of them at once
        near(activities=("farm",), communes=("41269",), departements=("41",), bbox=VIEW),
        2,
        "2 fermes à moins de 10~km de Vendôme, à Vendôme, dans le Loir-et-Cher, dans la zone affichée~;"
        " la plus proche est à 300~m.",
        "2 farms within 10~km of Vendôme, in Vendôme, in Loir-et-Cher, in the area shown; the nearest is 300~m away.",
        300.0,
    ),
]


@pytest.mark.parametrize(("where", "fr", "en"), AROUND)
def test_around_a_place(where: Place | None, fr: str, en: str):
    Case(
        near(where, activities=("farm",)),
        3,
        f"3 fermes à moins de 10~km {fr}~; la plus proche est à 1,2~km.",
        f"3 farms within 10~km of {en}; the nearest is 1.2~km away.",
        1200.0,
    ).check()


@pytest.mark.parametrize(("radius", "fr", "en"), RADII)
def test_a_radius_without_needless_decimals(radius: D, fr: str, en: str):
    question = near(radius=radius, activities=("farm",))
    Case(question, 0, f"Aucune ferme à moins de {fr} de Vendôme.", f"No farm within {en} of Vendôme.").check()


@pytest.mark.django_db
@pytest.mark.parametrize("case", FILTERS, ids=ids(FILTERS))
def test_filters_by_place(case: Case):
    case.check()


def test_the_area_shown():
    Case(
        Question(products=("eggs",), bbox=VIEW),
        4,
        "4 adresses vendent des œufs dans la zone affichée.",
        "4 places sell eggs in the area shown.",
    ).check()


def test_a_departement_that_was_typed_needs_no_gazetteer():
    typed = Place("departement", "36", "Indre", None, "36", 1.0)
    sold = Question(products=("honey",), departements=("36",), place=typed, place_text="Indre")
    Case(sold, 2, "2 adresses vendent du miel dans l'Indre.", "2 places sell honey in Indre.").check()


@pytest.mark.parametrize(
    "name", ["Orléans", "Amboise", "Écueillé", "Épernon", "Isdes", "Yvoy-le-Marron", "Yzeures-sur-Creuse", "Herbault",
             "Huisseau-sur-Cosson", "Huismes", "Henrichemont", "Œuilly", "Île-d'Yeu"],
)  # fmt: skip
def test_names_that_elide(name: str):
    assert elides(name)
    assert of(name) == f"d'{name}"


@pytest.mark.parametrize("name", ["Blois", "Hanches", "Houx", "Houssay", "Yèvres", "Yermenonville", "La Ferté-Imbault"])
def test_names_that_do_not_elide(name: str):
    assert not elides(name)
    assert of(name) == f"de {name}"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Blois", "à Blois"),
        ("Le Blanc", "au Blanc"),
        ("Les Aix-d'Angillon", "aux Aix-d'Angillon"),
        ("La Loupe", "à La Loupe"),
        ("L'Île-Bouchard", "à L'Île-Bouchard"),
        ("Lestiou", "à Lestiou"),
        ("Levroux", "à Levroux"),
    ],
)
def test_names_after_at(name: str, expected: str):
    assert at(name) == expected


@pytest.mark.parametrize("code", settings.REGION["departements"])
def test_every_departement_of_the_region_has_its_preposition(code: str):
    assert re.match(r"(dans (le |la |l'|les )|en )[A-Z]", in_departement(code, ""))


def test_a_departement_without_preposition():
    assert in_departement("53", "Mayenne") == "dans le département Mayenne"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ('CA de Blois "Agglopolys"', "dans la communauté d'agglomération de Blois «\u00a0Agglopolys\u00a0»"),
        ("CC du Pays Houdanais (CCPH)", "dans la communauté de communes du Pays Houdanais"),
        ("CC la Septaine", "dans la communauté de communes la Septaine"),
        ("CU Le Mans Métropole", "dans la communauté urbaine Le Mans Métropole"),
        ("Tours Métropole Val de Loire", "sur le territoire de Tours Métropole Val de Loire"),
        ("Métropole du Grand Paris", "dans la métropole du Grand Paris"),
    ],
)
def test_an_epci_with_its_kind_in_full(name: str, expected: str):
    assert in_epci(name) == expected


def test_alternatives_name_three_at_most():
    assert alternatives(["a"], "ou", "{} autres") == "a"
    assert alternatives(["a", "b"], "ou", "{} autres") == "a ou b"
    assert alternatives(["a", "b", "c"], "ou", "{} autres") == "a, b ou c"
    assert alternatives(["a", "b", "c", "d"], "ou", "{} autres") == "a, b ou 2 autres"


@pytest.mark.parametrize(
    ("metres", "expected"),
    [(12.0, "10~m"), (994.9, "990~m"), (995.1, "1~km"), (1049.0, "1~km"), (1051.0, "1.1~km"), (12_340.0, "12.3~km")],
)
def test_a_distance_for_people(metres: float, expected: str):
    assert measure(metres) == expected.replace("~", "\u00a0")


def test_a_reach_keeps_what_was_asked():
    assert [reach(metres) for metres in (100, 9_999, 12_345, 100_000)] == [
        "100\u00a0m",
        "10\u00a0km",
        "12.3\u00a0km",
        "100\u00a0km",
    ]
