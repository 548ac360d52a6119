"""Clusters: exact whatever is asked, within the view, the same every time; and cells in step with every write."""

from __future__ import annotations

import random
import threading

import pytest
from django.contrib.gis.geos import Point
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from directory import tasks
from directory.api import health
from directory.api.clusters import collection
from directory.clusters import clusters, pyramid
from directory.clusters.clustering import MOST
from directory.clusters.cover import cover
from directory.models import ClusterCell, ClusterChange, PointOfSale
from directory.questions import Question
from directory.search.matching import only_term
from geo.grid import Box
from geo.points import Bbox, Position
from tests.builders import centre_of, point_of_sale
from tests.directory.catalogue import boxes
from tests.directory.cells import divide_early, snapped, true_cells

pytestmark = pytest.mark.django_db

zooms = st.integers(0, 22)


@given(boxes, zooms)
def test_a_cover_has_every_place_once(bbox, zoom):
    box = Box.of(bbox)
    covered = cover(box, zoom)
    pieces = [piece.ground(kept) for kept, piece in covered.cells] + covered.rest
    assert sum(piece.size for piece in pieces) == box.size
    assert all(not one.meet(two) for n, one in enumerate(pieces) for two in pieces[:n])
    assert all(piece.meet(box) == piece for piece in pieces)
    assert not any(kept < zoom for kept, _ in covered.cells)


@pytest.mark.parametrize("zoom", range(17))
def test_a_snapped_view_looks_at_no_entry_where_cells_are_divided(zoom):
    bbox = snapped(Bbox(0.61, 47.33, 0.75, 47.45), zoom)
    assert cover(Box.of(bbox), zoom).rest == []


def test_a_point_on_the_very_edge_is_in_the_view():
    place = point_of_sale(pin=Position(0.7, 47.4))
    for edges in ((0.7, 47.4, 0.8, 47.5), (0.6, 47.3, 0.7, 47.4), (0.7, 47.4, 0.7, 47.4)):
        found = clusters(Question(bbox=Bbox(*edges)), 14)
        assert [cell.id_sum for cell in found.cells] == [place.pk]
    # A micro-degree off: finer than the single precision that the index keeps.
    for edges in ((0.700001, 47.4, 0.8, 47.5), (0.6, 47.400001, 0.8, 47.5), (0.6, 47.3, 0.8, 47.399999)):
        assert clusters(Question(bbox=Bbox(*edges)), 14).cells == []
        assert clusters(Question(bbox=Bbox(*edges)), 18).cells == []
    assert clusters(Question(bbox=Bbox(0.7000001, 47.4, 0.7000002, 47.5)), 14).total == 0


def test_more_than_a_thousand_are_put_together():
    rng, box = random.Random(3), Bbox(0.5, 47, 1.8, 48.2)
    first = point_of_sale()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO directory_search_entry (id, merchant_id, public_point, terms, name, updated_at, demo, card)"
            " SELECT -n, merchant_id, ST_SetSRID(ST_MakePoint(lon / 1e6, lat / 1e6), 4326), terms, name, now(), demo,"
            "        card"
            " FROM directory_search_entry, unnest(%s::int[], %s::int[]) WITH ORDINALITY AS made (lon, lat, n)"
            " WHERE id = %s",
            [
                [rng.randint(500_000, 1_800_000) for _ in range(1500)],
                [rng.randint(47_000_000, 48_200_000) for _ in range(1500)],
                first.pk,
            ],
        )
    for question in (Question(bbox=box), Question(activities=("farm", "bakery"), bbox=box)):
        found = clusters(question, 22)
        assert found.zoom == 11, "four cells in one, since those of zoom 12 that hold something are more"
        assert found.total == 1501
        assert 250 < len(found.cells) <= MOST
        assert {(cell.x, cell.y): cell.points for cell in found.cells} == true_cells(question, found.zoom)
        assert clusters(question, found.zoom) == found, "what was asked to be so coarse is the same"


def test_few_points_far_apart_stay_apart_at_any_zoom():
    places = {point_of_sale(pin=pin).pk for pin in (Position(0.3, 47.0), Position(0.300024, 47.0), Position(2.9, 48.5))}
    found = clusters(Question(), 22)
    assert {cell.id_sum for cell in found.cells} == places
    assert found.zoom == 22


def test_a_lone_point_of_sale_is_named_and_a_hidden_pin_stands_for_its_commune():
    place = point_of_sale("</script><b>", pin=Position(0.7, 47.4), pin_hidden=True, products=["honey"])
    (feature,) = collection(clusters(Question(products=("honey",)), 12))["features"]
    centre = centre_of()
    assert feature["geometry"]["coordinates"] == centre.rounded()
    assert feature["properties"] == {
        "count": 1,
        "id": place.pk,
        "name": "</script><b>",
        "url": f"/m/{place.merchant_id}-script-b/",
        "activities": ["farm"],
        "demo": False,
        "commune": "Vendôme",
        "precision": "commune",
    }


def test_moving_a_hidden_pin_leaves_no_trace():
    place = point_of_sale(pin_hidden=True)
    pyramid.fold()
    PointOfSale.objects.filter(pk=place.pk).update(pin=Point(1.1, 47.8, srid=4326))
    assert not ClusterChange.objects.exists()


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        (Question(), True),
        (Question(products=("cheese",)), True),
        (Question(departements=("41",), bbox=Bbox(0, 47, 1, 48)), True),
        (Question(products=("cheese", "honey")), False),
        (Question(products=("cheese",), activities=("farm",)), False),
        (Question(text="miel"), False),
        (Question(season=5), False),
    ],
)
def test_one_term_at_most_is_read_from_the_kept_cells(question, kept):
    assert (only_term(question) is not None) == kept


class TestFolding:
    def test_changes_are_taken_in_once(self):
        for n in range(6):
            point_of_sale(pin=Position(0.7 + n / 1000, 47.4), products=["honey"])
        assert pyramid.fold() > 0
        assert pyramid.fold() == 0
        assert not ClusterChange.objects.exists()
        assert summed(zoom=8) == summed(zoom=10) == 6

    def test_what_goes_is_taken_away(self):
        place = point_of_sale()
        pyramid.fold()
        place.delete()
        pyramid.fold()
        assert summed(zoom=8) == 0
        assert clusters(Question(), 8).cells == []

    def test_many_changes_make_cells_anew_and_few_are_folded(self, monkeypatch):
        point_of_sale(pin=Position(0.7, 47.4))
        for most, divided in ((100, False), (0, True)):
            monkeypatch.setattr(pyramid, "MANY", most)
            divide_early()
            for n in range(5):
                point_of_sale(pin=Position(0.7 + n / 1000, 47.4))
            assert pyramid.catch_up() > 0
            assert pyramid.catch_up() == 0
            assert ClusterCell.objects.filter(term=0, divided=True).exists() == divided

    def test_cells_that_grew_are_divided_by_the_nightly_job(self, monkeypatch):
        divide_early()
        for n in range(6):
            point_of_sale(pin=Position(0.7 + n / 1000, 47.4))
            pyramid.fold()
        assert not tasks.mend_clusters(timestamp=0)
        monkeypatch.setattr(pyramid, "GROWN", 5)
        assert not ClusterCell.objects.filter(divided=True).exists()
        assert tasks.mend_clusters(timestamp=0)
        assert ClusterCell.objects.filter(term=0, zoom=8, divided=True).exists()
        assert not tasks.mend_clusters(timestamp=0)

    def test_what_a_switched_off_trigger_has_missed_is_made_good(self):
        point_of_sale()
        gone = point_of_sale("Autre")
        for bring_in_step in (pyramid.fold, pyramid.mend):
            bring_in_step()
            assert not pyramid.out_of_step()
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL directory.clusters = 'rebuilt'")
            gone.delete()
            cursor.execute("SET LOCAL directory.clusters = ''")
        assert pyramid.out_of_step()
        assert tasks.mend_clusters(timestamp=0)
        assert summed(zoom=8) == 1
        assert not pyramid.out_of_step()

    def test_a_load_that_was_cut_off_is_made_good_within_the_minute(self, client):
        point_of_sale()
        pyramid.fold()
        load = pyramid.left_to_rebuild()
        load.__enter__()
        point_of_sale("Autre")
        with connection.cursor() as cursor:
            cursor.execute("RESET directory.clusters")  # another connection
        pyramid.fold()
        assert "clusters" in client.get("/ready/").json()["degraded"]
        assert summed(zoom=8) == 1
        tasks.catch_up_clusters(timestamp=0)
        assert summed(zoom=8) == 2
        assert not pyramid.is_stale()

    def test_too_many_changes_are_told(self, client, monkeypatch):
        point_of_sale()
        assert "degraded" not in client.get("/ready/").json()
        monkeypatch.setattr(health, "MANY_CHANGES", 0)
        assert client.get("/ready/").json()["degraded"]["clusters"]

    def test_an_emptied_table_leaves_no_cell(self):
        point_of_sale()
        pyramid.fold()
        point_of_sale("Autre")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE directory_search_entry")
        assert not ClusterCell.objects.exists()
        assert not ClusterChange.objects.exists()

    def test_a_loader_that_rebuilds_notes_nothing(self):
        with pyramid.left_to_rebuild():
            point_of_sale()
            assert not ClusterChange.objects.exists()
        assert summed(zoom=8) == clusters(Question(), 9).total == 1
        point_of_sale()
        assert ClusterChange.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_load_that_is_at_work_is_left_alone():
    """Made anew in the midst of it, cells would pass for right when it is cut off later."""
    begun, told = threading.Event(), threading.Event()

    def loader():
        try:
            with pyramid.left_to_rebuild():
                point_of_sale()
                begun.set()
                told.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=loader)
    thread.start()
    assert begun.wait(10)
    pyramid.catch_up()
    assert pyramid.is_stale()
    assert summed(zoom=8) == 0
    told.set()
    thread.join()
    assert not pyramid.is_stale()
    assert summed(zoom=8) == 1


def summed(zoom: int) -> int:
    cells = ClusterCell.objects.filter(zoom=zoom, term=0)
    return sum(cells.values_list("count", flat=True))


@pytest.mark.django_db(transaction=True)
def test_what_is_written_while_a_rebuild_runs_is_not_lost():
    """The writer begins before the rebuild and commits after it: its changes wait for the next fold."""
    point_of_sale()
    written, rebuilt = threading.Event(), threading.Event()

    def writer():
        try:
            with transaction.atomic():
                point_of_sale("Pendant", pin=Position(1.2, 47.6))
                written.set()
                rebuilt.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=writer)
    thread.start()
    assert written.wait(10)
    pyramid.rebuild()
    rebuilt.set()
    thread.join()
    assert clusters(Question(), 10).total == 2
    pyramid.fold()
    assert clusters(Question(), 10).total == 2 == summed(zoom=10)
