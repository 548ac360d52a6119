"""Clusters of a catalogue of a hundred and thirty: true whatever is asked, and whatever is written in between."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from django.contrib.gis.geos import Point
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory import search
from directory.api.clusters import collection
from directory.clusters import Clusters, clusters, pyramid
from directory.clusters.cover import KEPT
from directory.models import ClusterCell, Offer, PointOfSale, Product
from directory.questions import Question
from geo.points import Position
from tests.builders import point_of_sale
from tests.directory.catalogue import ACTIVITIES, COMMUNES, NOW, PRODUCTS, boxes, questions, stock
from tests.directory.cells import divide_early, snapped, true_cells

zooms = st.integers(0, 22)
ONE_OF = [
    ("activities", ACTIVITIES),
    ("products", [*PRODUCTS, "food"]),
    ("communes", COMMUNES),
    ("departements", ["41"]),
]


@st.composite
def single(draw) -> Question:
    """Questions that ask one thing at most: those that are read from the kept cells."""
    name, codes = draw(st.sampled_from(ONE_OF))
    asked = {name: (draw(st.sampled_from(codes)),)} if draw(st.booleans()) else {}
    return Question(**asked, bbox=draw(st.none() | boxes))


def check(question: Question, zoom: int) -> Clusters:
    found = clusters(question, zoom, NOW)
    assert found.total == search.count(question, NOW)
    assert {(cell.x, cell.y): cell.points for cell in found.cells} == true_cells(question, found.zoom)
    answer = collection(found)
    assert answer["numberMatched"] == sum(feature["properties"]["count"] for feature in answer["features"])
    for feature in answer["features"]:
        west, south, east, north = feature["bbox"]
        lon, lat = feature["geometry"]["coordinates"]
        assert west <= lon <= east
        assert south <= lat <= north
        assert question.bbox is None or question.bbox.contains(Position(lon, lat))
    return found


@pytest.fixture(scope="module")
def _catalogue_once(django_db_setup, django_db_blocker):
    """Made once, in a transaction around those of its tests. Some of it is in one town, a street apart."""
    with django_db_blocker.unblock(), transaction.atomic():
        divide_early()
        stock(size=100)
        rng = random.Random(1)
        for n in range(30):
            pin = Position(0.69 + rng.uniform(0, 0.004), 47.39 + rng.uniform(0, 0.003))
            point_of_sale(f"Chêne du bourg {n}", pin=pin, activities=[rng.choice(ACTIVITIES)], products=["bread"])
        pyramid.rebuild()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def catalogue(_catalogue_once, db):
    """A hundred and thirty points of sale, and their cells."""


EXAMPLES = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@EXAMPLES
@given(questions(), zooms)
def test_any_question_in_any_view_adds_up(catalogue, question, zoom):
    check(question, zoom)


@EXAMPLES
@given(single(), zooms, st.booleans(), st.integers(0, 1000))
def test_kept_cells_tell_the_truth_while_entries_change(catalogue, question, zoom, snap, seed):
    """Writes, folds and rebuilds in between: none of them changes what is true."""
    if snap and question.bbox is not None:
        question = replace(question, bbox=snapped(question.bbox, zoom))
    rng = random.Random(seed)
    with transaction.atomic():
        for step in (pyramid.fold, pyramid.rebuild, pyramid.fold):
            for _ in range(3):
                write(rng)
            before = check(question, zoom)
            step()
            assert clusters(question, zoom, NOW) == before
        transaction.set_rollback(True)


def write(rng: random.Random) -> None:
    """One of the ways in which entries change."""
    place = rng.choice(PointOfSale.objects.order_by("pk"))
    what = rng.randrange(7)
    if what == 0:
        pin = Position(rng.uniform(0, 1.5), rng.uniform(47.1, 48.1))
        point_of_sale(f"Neuf {rng.random()}", pin=pin, activities=[rng.choice(ACTIVITIES)], products=["honey"])
    elif what == 1:
        place.delete()
    elif what == 2:
        place.pin = Point(place.pin.x + rng.uniform(-0.2, 0.2), place.pin.y, srid=4326)
        place.save()
    elif what == 3:
        place.pin_hidden = not place.pin_hidden
        place.save()
    elif what == 4:
        place.status = rng.choice([PointOfSale.Status.PUBLISHED, PointOfSale.Status.DRAFT])
        place.save()
    elif what == 5:
        Offer.objects.get_or_create(point_of_sale=place, product=Product.objects.get(code=rng.choice(PRODUCTS)))
    else:
        place.offers.all().delete()


def test_cells_of_every_kept_zoom_take_part(catalogue):
    assert set(ClusterCell.objects.values_list("zoom", flat=True)) == set(KEPT)
    assert ClusterCell.objects.filter(zoom=8, divided=True).exists()
    assert ClusterCell.objects.filter(zoom=12, divided=False).exists()


def test_a_rebuild_gives_what_folding_gave(catalogue):
    rng = random.Random(5)
    for _ in range(40):
        write(rng)
    pyramid.fold()
    folded = kept_cells()
    pyramid.rebuild()
    rebuilt = kept_cells()
    # Cells that a rebuild divides anew, or no more, are in one only.
    both = folded.keys() & rebuilt.keys()
    assert {zoom for zoom, *_ in both} == set(KEPT)
    assert {key: folded[key] for key in both} == {key: rebuilt[key] for key in both}
    assert all(key in both for key in folded.keys() | rebuilt.keys() if key[0] <= 10)


def kept_cells() -> dict:
    columns = ("zoom", "term", "x", "y")
    sums = ("count", "lon_sum", "lat_sum", "id_sum")
    rows = ClusterCell.objects.exclude(count=0).values_list(*columns, *sums)
    return {row[:4]: row[4:] for row in rows}
