"""The one read path: complete, exact, in order, counted."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from django.contrib.gis.measure import D
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory import search
from directory.models import PointOfSale, SearchEntry, Term
from directory.places import place_term
from directory.questions import Question, Sort
from geo.models import Commune
from geo.points import Bbox, Position
from tests.builders import at, centre_of, point_of_sale

pytestmark = pytest.mark.django_db

BEARINGS = (0, 90, 180, 270)
VENDOME_CENTRE = Position(1.065343, 47.792551)
# The Greenwich meridian crosses the west of the région; these stand on both sides of it and on it.
GREENWICH = Position(0.0, 47.2)


def whole(position: Position) -> Position:
    """As it is published: whole micro-degrees."""
    return Position(*position.rounded())


def ids(question: Question) -> list[int]:
    return [hit.id for hit in search.answer(question).hits]


@pytest.mark.parametrize("centre", [VENDOME_CENTRE, GREENWICH, Position(0.004, 47.2), Position(2.9, 46.9)])
@pytest.mark.parametrize("bearing", BEARINGS)
def test_a_radius_of_10_km_takes_9_9_and_leaves_10_1(centre, bearing):
    inside = point_of_sale("Dedans", pin=at(centre, bearing, 9_900))
    point_of_sale("Dehors", pin=at(centre, bearing, 10_100))
    answer = search.answer(Question(centre=centre, radius=D(km=10)))
    assert [hit.id for hit in answer.hits] == [inside.pk]
    assert answer.total == 1


@pytest.mark.parametrize("centre", [VENDOME_CENTRE, GREENWICH])
@pytest.mark.parametrize("metres", [3, 950, 9_999.4, 87_000, 199_000])
def test_distance_is_the_geodesic_one_to_the_metre(centre, metres):
    spot = at(centre, 37, metres)
    point_of_sale(pin=spot)
    (hit,) = search.answer(Question(centre=centre, radius=D(km=200))).hits
    assert hit.distance == pytest.approx(metres, abs=0.1), "of the micro-degree that is published"
    assert hit.distance == pytest.approx(centre.distance_to(whole(spot)), abs=0.001)
    assert hit.distance == pytest.approx(centre.distance_to(hit.position), abs=0.01)


def test_a_centre_anywhere_on_earth_has_an_answer():
    point_of_sale()
    for centre in (Position(179.99, 0), Position(-180, 67), Position(12, 90), Position(0, -90), Position(139.7, 35.7)):
        assert search.answer(Question(centre=centre, radius=D(km=200))).total == 0
    far = point_of_sale(pin=Position(179.999, 10))
    assert ids(Question(centre=Position(-179.999, 10), radius=D(km=1))) == [far.pk]


@pytest.mark.parametrize("centre", [VENDOME_CENTRE, Position(179.9999, 10), Position(12, 89.9999)])
@pytest.mark.parametrize("radius_m", [1_000, 150_000])
def test_on_the_edge_and_in_the_page_the_ellipsoid_decides(centre, radius_m):
    """Bearings and decimetres that no plane tells apart, over the antimeridian and the pole too."""
    made = {}
    for n, bearing in enumerate(range(0, 360, 18)):
        spot = whole(at(centre, bearing, radius_m + 0.2 * (n % 7 - 3) + 0.01 * n))
        made[point_of_sale(pin=spot).pk] = centre.distance_to(spot)
    assert min(made.values()) < radius_m < max(made.values())
    inside = sorted((metres, pk) for pk, metres in made.items() if metres <= radius_m)
    question = Question(centre=centre, radius=D(m=radius_m))
    answer = search.answer(question)
    assert [hit.id for hit in answer.hits] == [pk for _, pk in inside]
    assert [hit.distance for hit in answer.hits] == pytest.approx([metres for metres, _ in inside], abs=1e-4)
    assert answer.total == len(inside)
    pages = [search.answer(replace(question, limit=2, offset=offset)).hits for offset in range(0, len(inside), 2)]
    assert [hit.id for page in pages for hit in page] == [pk for _, pk in inside]


def test_order_is_by_distance_then_id():
    centre = centre_of()
    spots = [at(centre, 90, metres) for metres in (4_000, 1_000, 4_000, 2_500)]
    made = [point_of_sale(f"Ferme {n}", pin=spot) for n, spot in enumerate(spots)]
    expected = [made[1].pk, made[3].pk, made[0].pk, made[2].pk]
    assert ids(Question(centre=centre, radius=D(km=5))) == expected
    pages = [ids(Question(centre=centre, radius=D(km=5), limit=1, offset=n)) for n in range(5)]
    assert pages == [[expected[0]], [expected[1]], [expected[2]], [expected[3]], []]
    assert search.answer(Question(centre=centre, radius=D(km=5), limit=1, offset=40)).total == 4


def test_a_code_finds_its_descendants_and_only_those():
    goat = point_of_sale("Chèvrerie", activities=["goat_farm"], products=["valencay"])
    cow = point_of_sale("Laiterie", activities=["dairy_farm"], products=["cow_cheese"])
    point_of_sale("Boulangerie", activities=["bakery"], products=["bread"])
    in_41 = {"departements": ("41",)}
    assert ids(Question(products=("cheese",), **in_41)) == [goat.pk, cow.pk]
    assert ids(Question(products=("goat_cheese",), **in_41)) == [goat.pk]
    assert ids(Question(products=("valencay",), activities=("farm",), **in_41)) == [goat.pk]
    assert ids(Question(products=("sainte_maure_de_touraine",), **in_41)) == []


def test_codes_of_one_parameter_are_alternatives_and_parameters_add_up():
    honey = point_of_sale("Rucher", activities=["beekeeper"], products=["honey"], labels=["organic"])
    eggs = point_of_sale("Poulailler", activities=["poultry_farm"], products=["eggs"], services=["delivery"])
    around = {"centre": centre_of(), "radius": D(km=1)}
    for where in (around, {"communes": ("41269",)}, {}):
        assert set(ids(Question(products=("honey", "eggs"), **where))) == {honey.pk, eggs.pk}
        assert ids(Question(products=("honey", "eggs"), labels=("organic",), **where)) == [honey.pk]
        assert ids(Question(products=("honey", "eggs"), services=("delivery",), **where)) == [eggs.pk]
        assert ids(Question(products=("honey",), services=("delivery",), **where)) == []


def test_commune_epci_and_departement():
    vendome = Commune.objects.get(pk="41269")
    here = point_of_sale("Ici")
    there = point_of_sale("Là", commune="18033", pin=centre_of("18033"))
    assert ids(Question(communes=("41269",))) == [here.pk]
    assert ids(Question(epcis=(vendome.epci_id,))) == [here.pk]
    assert ids(Question(departements=("18",))) == [there.pk]
    assert ids(Question(departements=("18", "41"))) == [here.pk, there.pk]
    assert ids(Question(communes=("41269",), centre=centre_of("18033"), radius=D(km=20))) == []


def test_a_box_includes_its_edges_and_nothing_beyond():
    edge = Position(1.123456, 47.654321)
    inside = point_of_sale("Sur le bord", pin=edge)
    for box in (Bbox(1.123456, 47.654321, 1.2, 47.7), Bbox(1.1, 47.6, 1.123456, 47.654321)):
        assert ids(Question(bbox=box)) == [inside.pk]
    # Ten centimetres off: finer than the single precision that the index keeps.
    for box in (Bbox(1.123457, 47.6, 1.2, 47.7), Bbox(1.1, 47.6, 1.2, 47.65432)):
        assert ids(Question(bbox=box)) == []


def test_names_are_in_french_order_whatever_their_case_and_accents():
    names = ["abeille", "Âne gris", "Arbre", "chèvre", "Cerise", "Élan", "etang", "Œillet", "Zèbre"]
    for name in random.Random(1).sample(names, len(names)):
        point_of_sale(name)
    found = [SearchEntry.objects.get(pk=pk).name for pk in ids(Question(communes=("41269",)))]
    assert found == ["abeille", "Âne gris", "Arbre", "Cerise", "chèvre", "Élan", "etang", "Œillet", "Zèbre"]
    assert found == [SearchEntry.objects.get(pk=pk).name for pk in ids(Question())]


def test_the_last_updated_come_first():
    first, second = point_of_sale("A"), point_of_sale("B")
    SearchEntry.objects.filter(pk=second.pk).update(updated_at="2020-01-01T00:00Z")
    assert ids(Question(sort=Sort.UPDATED)) == [first.pk, second.pk]


def test_a_closed_or_hidden_one_is_not_found():
    for status in PointOfSale.Status.values:
        if status not in ("published", "merged"):
            point_of_sale(status, status=status)
    assert search.answer(Question()).total == 0


def test_every_hit_is_the_whole_answer_in_the_same_order():
    centre = centre_of()
    for n in range(30):
        point_of_sale(f"Ferme {n}", pin=at(centre, n * 12, 100 * n))
    question = Question(centre=centre, radius=D(km=2))
    assert search.answer(question).total == 21
    assert [hit.id for hit in search.every_hit(question, 1000)] == ids(
        Question(centre=centre, radius=D(km=2), limit=200)
    )
    assert len(list(search.every_hit(question, 7))) == 7


def test_place_terms_are_the_same_in_python_and_sql(django_assert_num_queries):
    from django.db import connection

    codes = ["41269", "2A004", "97411", "01001", "95690", "41", "2B", "974", "200072072", "249500109"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(directory_place_term(code)) FROM unnest(%s::text[]) AS code", [codes])
        assert cursor.fetchone()[0] == [place_term(code) for code in codes]
    assert len({place_term(code) for code in codes}) == len(codes)


@pytest.fixture
def catalogue():
    """Two hundred points of sale at random, and an oracle that knows them."""
    rng = random.Random(7)
    products = ["cheese", "valencay", "honey", "bread", "eggs", "sancerre", "pottery"]
    activities = ["goat_farm", "farm", "bakery", "winery", "potter"]
    made = []
    for n in range(200):
        pin = Position(rng.uniform(-0.2, 1.6), rng.uniform(47.0, 48.2))
        chosen = {"activities": rng.sample(activities, 1), "products": rng.sample(products, rng.randint(0, 3))}
        commune = rng.choice(["41269", "41018", "37261"])
        hidden = rng.random() < 0.2
        place = point_of_sale(f"Ferme {n}", pin=pin, commune=commune, pin_hidden=hidden, **chosen)
        made.append((place.pk, centre_of(commune) if hidden else pin, commune, chosen))
    parents = {
        term.code: set(Term.objects.filter(pk__in=term.path).values_list("code", flat=True))
        for term in Term.objects.all()
    }
    return made, parents


positions = st.builds(Position, st.floats(-0.5, 2.0), st.floats(46.8, 48.4))
boxes = st.tuples(positions, positions).map(
    lambda ends: Bbox(
        min(ends[0].lon, ends[1].lon), min(ends[0].lat, ends[1].lat),
        max(ends[0].lon, ends[1].lon), max(ends[0].lat, ends[1].lat),
    )
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    centre=st.none() | positions,
    radius=st.floats(0.1, 150),
    bbox=st.none() | boxes,
    products=st.sets(st.sampled_from(["cheese", "goat_cheese", "food", "honey", "wine", "pottery"]), max_size=2),
    activities=st.sets(st.sampled_from(["farm", "farming", "bakery", "craft"]), max_size=2),
    communes=st.sets(st.sampled_from(["41269", "41018", "37261"]), max_size=2),
)
def test_random_questions_against_brute_force(catalogue, centre, radius, bbox, products, activities, communes):
    made, parents = catalogue

    def matches(entry):
        _, position, commune, chosen = entry
        held = {code for codes in chosen.values() for own in codes for code in parents[own]}
        return (
            (centre is None or centre.distance_to(position) <= D(km=radius).m)
            and (bbox is None or bbox.contains(position))
            and all(not wanted or wanted & held for wanted in (products, activities))
            and (not communes or commune in communes)
        )

    question = Question(
        products=tuple(products),
        activities=tuple(activities),
        communes=tuple(communes),
        centre=centre,
        radius=None if centre is None else D(km=radius),
        bbox=bbox,
        limit=200,
    )
    answer = search.answer(question)
    expected = [entry for entry in made if matches(entry)]
    assert {hit.id for hit in answer.hits} == {entry[0] for entry in expected}
    assert answer.total == len(expected)
    if centre is not None:
        order = [(hit.distance, hit.id) for hit in answer.hits]
        assert order == sorted(order)
