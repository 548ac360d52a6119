"""Who comes to a place: against the plain truth, in step with every write, and without telling of a hidden pin."""

from __future__ import annotations

import random
from datetime import datetime

import pytest
from django.contrib.gis.measure import D
from django.db import connection

from directory import search
from directory.clusters import clusters
from directory.models import PointOfSale, SearchEntry, ServiceArea
from directory.questions import Question
from directory.questions.asking import question_of
from directory.questions.interpretation import interpret
from directory.questions.opening import local_zone
from directory.questions.phrasing import phrased
from directory.questions.question import ANY_RADIUS
from directory.relaxations import relaxations
from geo.gazetteer import find_place
from geo.models import Commune
from geo.points import Position, position_from
from tests.builders import VENDOME, at, centre_of, point_of_sale

BLOIS, ORLEANS = "41018", "45234"
NOW = datetime(2026, 5, 4, 10, tzinfo=local_zone())
pytestmark = pytest.mark.django_db


def coming(centre: Position, **parts) -> Question:
    return Question(centre=centre, radius=parts.pop("radius", ANY_RADIUS), comes=True, **parts)


def found(question: Question) -> set[int]:
    answer = search.answer(question)
    assert answer.total == len(answer.hits)
    return {hit.id for hit in answer.hits}


class TestWhoComes:
    def test_a_circle_ends_where_it_is_said_to(self):
        place = point_of_sale(service_radius_km=20)
        assert found(coming(at(centre_of(), 63, 19_990))) == {place.pk}
        assert found(coming(at(centre_of(), 63, 20_010))) == set()

    def test_communes_are_served_whole_and_no_further(self):
        place = point_of_sale()
        place.service_communes.set(Commune.objects.filter(pk=BLOIS))
        inside = Position.from_geos(Commune.objects.get(pk=BLOIS).contour.point_on_surface)
        assert found(coming(inside)) == {place.pk}
        assert found(coming(centre_of(ORLEANS))) == set()
        assert found(coming(centre_of())) == set()

    def test_both_together(self):
        place = point_of_sale(service_radius_km=5)
        place.service_communes.set(Commune.objects.filter(pk__in=[BLOIS, ORLEANS]))
        for where in (centre_of(), centre_of(BLOIS), centre_of(ORLEANS)):
            assert found(coming(where)) == {place.pk}

    def test_one_that_says_nothing_of_it_does_not_come(self):
        point_of_sale(services=["delivery"])
        assert found(coming(centre_of())) == set()

    def test_with_what_is_asked_beside_it(self):
        baker = point_of_sale("Fournil du Loir", activities=["bakery"], products=["bread"], service_radius_km=10)
        point_of_sale("Ferme", products=["cheese"], service_radius_km=10)
        asked = {"activities": ("bakery",), "products": ("bread",), "text": "fournil"}
        assert found(coming(centre_of(), **asked)) == {baker.pk}
        assert found(coming(centre_of(), text="ferme", products=("bread",))) == set()

    def test_a_radius_that_is_asked_holds_too(self):
        place = point_of_sale(service_radius_km=50)
        there = at(centre_of(), 0, 20_000)
        assert found(coming(there)) == {place.pk}
        assert found(coming(there, radius=D(km=10))) == set()

    def test_against_all_of_them_one_by_one(self):
        chance = random.Random(11)
        codes = list(Commune.objects.order_by("pk").values_list("pk", flat=True))
        for number in range(60):
            place = point_of_sale(f"Artisan {number}", commune=chance.choice(codes), activities=["plumber"])
            if chance.random() < 0.7:
                place.service_radius_km = chance.randint(1, 120)
                place.save()
            place.service_communes.set(chance.sample(codes, chance.randint(0, 3)))
        for code in chance.sample(codes, 25):
            centre = at(centre_of(code), chance.uniform(0, 360), chance.uniform(0, 900))
            there = set(Commune.objects.containing(centre).values_list("pk", flat=True))
            truth = set()
            for place in PointOfSale.objects.prefetch_related("service_communes"):
                near = position_from(place.pin).distance_to(centre) / 1000 <= (place.service_radius_km or -1)
                if near or there & {commune.pk for commune in place.service_communes.all()}:
                    truth.add(place.pk)
            question = coming(centre, limit=200)
            assert found(question) == truth
            assert clusters(question, 9).total == len(truth)


class TestInStep:
    def rows(self) -> list:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, ST_AsText(centre), radius_m, communes, ST_AsText(box) FROM directory_service_areas("
                "(SELECT array_agg(id) FROM directory_pointofsale)) EXCEPT "
                "SELECT id, ST_AsText(centre), radius_m, communes, ST_AsText(box) FROM directory_service_area"
            )
            return cursor.fetchall()

    def test_with_every_write(self):
        place = point_of_sale()
        assert not ServiceArea.objects.exists()
        place.service_radius_km = 12
        place.save()
        assert ServiceArea.objects.get().radius_m == 12_000
        place.service_communes.add(Commune.objects.get(pk=BLOIS))
        assert ServiceArea.objects.get().communes == [BLOIS]
        place.pin = centre_of(ORLEANS).to_geos()
        place.save()
        assert self.rows() == []
        place.service_communes.clear()
        PointOfSale.objects.update(service_radius_km=None)
        assert not ServiceArea.objects.exists()

    def test_what_is_not_published_has_none(self):
        place = point_of_sale(service_radius_km=12)
        place.status = PointOfSale.Status.HIDDEN
        place.save()
        assert not ServiceArea.objects.exists()
        place.status = PointOfSale.Status.PUBLISHED
        place.save()
        assert ServiceArea.objects.exists()
        place.delete()
        assert not ServiceArea.objects.exists()

    def test_a_commune_that_is_drawn_anew(self):
        place = point_of_sale()
        place.service_communes.set([BLOIS])
        far = Commune.objects.get(pk=ORLEANS).contour
        Commune.objects.filter(pk=BLOIS).update(contour=far)
        assert self.rows() == []
        assert ServiceArea.objects.get().box.extent == far.extent

    def test_a_hidden_pin_is_not_told_by_its_circle(self):
        place = point_of_sale(pin_hidden=True, service_radius_km=3)
        before = list(ServiceArea.objects.values_list())
        place.pin = at(centre_of(), 90, 800).to_geos()
        place.save()
        assert list(ServiceArea.objects.values_list()) == before
        assert ServiceArea.objects.get().centre == SearchEntry.objects.get().public_point


class TestAsked:
    @pytest.mark.parametrize(
        ("words", "here", "place"),
        [
            ("plombier qui se déplace à Vendôme", False, VENDOME),
            ("plombiers qui interviennent à Vendôme", False, VENDOME),
            ("du pain livré, qui livre chez moi", True, None),
            ("un traiteur qui vient chez moi", True, None),
            ("plumbers who come to Vendôme", False, VENDOME),
            ("a baker that delivers to my home", True, None),
        ],
    )
    def test_in_words(self, words, here, place):
        understood = interpret(words, NOW)
        assert understood.comes
        assert understood.here is here
        assert (understood.place.code if understood.place else None) == place
        assert not understood.text
        if place:
            assert question_of(understood).radius == ANY_RADIUS

    @pytest.mark.parametrize("words", ["livraison à domicile à Vendôme", "fermes près de chez moi", "fromage à Blois"])
    def test_not_where_it_is_not_said(self, words):
        assert not interpret(words, NOW).comes

    @pytest.mark.parametrize("language", ["fr", "en"])
    @pytest.mark.parametrize("radius", [ANY_RADIUS, D(km=30)])
    def test_said_in_words_that_are_understood_as_the_same(self, language, radius):
        asked = {"activities": ("plumber",), "place_text": "Vendôme", "place": find_place("Vendôme")[0]}
        question = coming(centre_of(), radius=radius, **asked)
        assert question_of(interpret(phrased(question, language), NOW)) == question

    def test_the_map_shows_where_they_are(self, client):
        point_of_sale("Plomberie", activities=["plumber"], service_radius_km=40)
        page = client.get("/", {"place": "Blois", "comes": "1"})
        west, south, east, north = map(float, page.context["map"].extent.split(","))
        for where in (centre_of(), centre_of(BLOIS)):
            assert west < where.lon < east
            assert south < where.lat < north
        assert page.context["map"].radius_m is None

    def test_by_parameter(self, client):
        place = point_of_sale("Plomberie", activities=["plumber"], service_radius_km=40)
        there = client.get("/api/v1/merchants/", {"place": "Blois", "comes": "1", "activity": "plumber"}).json()
        assert [feature["id"] for feature in there["features"]] == [place.pk]
        assert client.get("/api/v1/merchants/", {"place": "Blois", "activity": "plumber"}).json()["numberMatched"] == 0
        refused = client.get("/api/v1/merchants/", {"comes": "1"})
        assert refused.status_code == 400
        assert "needs_a_centre" in refused.text

    def test_when_nobody_comes_who_is_near_is_told(self):
        point_of_sale(activities=["plumber"])
        ways = relaxations(coming(centre_of(), activities=("plumber",)))
        assert [(way.dropped, way.count) for way in ways if way.dropped == ("comes",)] == [(("comes",), 1)]
        assert not next(way for way in ways if way.dropped == ("comes",)).question.comes

    def test_the_page_says_it_and_lets_it_go(self, client):
        point_of_sale("Plomberie", activities=["plumber"], service_radius_km=40)
        page = client.get("/", {"place": "Blois", "comes": "1", "activity": "plumber"}).text
        assert "livrant ou se déplaçant à Blois" in page
        assert "Livre ou vient à Blois" in page
        assert 'value="plombier, se déplaçant à Blois"' in page.lower().replace("à blois", "à Blois")
        assert "200" not in page.split("<main")[1].split("</h1>")[0]
        nearby = client.get("/", {"place": "Vendôme", "activity": "plumber"}).text
        assert "comes=1" in nearby
