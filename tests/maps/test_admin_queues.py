"""The admin: the queues of doubtful pins and held entries, and actions on many."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone

from directory.models import (
    PointOfSale,
    SearchEntry,
    Source,
    SourceRecord,
)
from directory.pinning import may_move
from tests.builders import at, centre_of, point_of_sale
from tests.maps.admin_desk import BLOIS, DOUBTFUL, HELD, PLACES, SIRETS, act, form_of, names_in, pin_at, said, submit

pytestmark = pytest.mark.django_db


class TestQueue:
    def test_it_says_what_speaks_against_a_pin(self, desk):
        source = Source.objects.create(slug="s", name="Liste S", producer="P", licence="L")
        beside = point_of_sale("À côté", reviews=["doubtful_pin"])
        SourceRecord.objects.create(
            source=source, external_id="1", point_of_sale=beside, fields={}, row_hash="", imported_at=timezone.now(),
            point=at(centre_of(), 90, 300).to_geos(),
        )  # fmt: skip
        point_of_sale("Dehors", pin=centre_of(BLOIS), reviews=["doubtful_pin"])
        point_of_sale("Sûre")
        point_of_sale("Fermée", reviews=["doubtful_pin"], status="closed")
        response = desk.get(DOUBTFUL)
        assert names_in(response) == {"À côté", "Dehors"}
        page = response.content.decode()
        assert "Liste S la met à 300 m" in page
        assert re.search(r"à \d+,\d km hors de la commune", page)
        assert f"{PLACES}{beside.pk}/change/?file=epingles" in page

    def test_save_and_next_goes_through_it(self, desk):
        first, second, third = (point_of_sale(f"F{i}", reviews=["doubtful_pin"]) for i in range(3))
        there = pin_at(at(centre_of(), 10, 200))
        response = submit(desk, form_of(second, "?file=epingles"), "_next", **there)
        assert response.url == form_of(third, "?file=epingles")
        response = submit(desk, response.url, "_next", **there)
        assert response.url == form_of(first, "?file=epingles"), "from the beginning again"
        response = submit(desk, response.url, "_next", **there)
        assert response.url == DOUBTFUL
        assert "pas d'autre" in said(desk, response)

    def test_a_pin_found_right_where_it_is(self, desk, agent):
        place, other = (point_of_sale(f"F{i}", reviews=["doubtful_pin"]) for i in range(2))
        response = submit(desk, form_of(place, "?file=epingles"), "_pin_verified")
        assert response.url == form_of(other, "?file=epingles")
        place.refresh_from_db()
        assert (place.reviews, place.pin_source, place.pin_by) == ([], "ban", agent)
        assert not may_move(place), "no batch moves what a person looked at"

    def test_a_departement_at_a_time(self, desk):
        place = point_of_sale(reviews=["doubtful_pin"])
        point_of_sale("Orléans", commune="45234", reviews=["doubtful_pin"])
        page = desk.get(DOUBTFUL, {"departement": "41"})
        assert names_in(page) == {place.display_name}
        url = form_of(place, "?file=epingles&departement=41")
        assert url.replace("&", "&amp;") in page.content.decode()
        assert submit(desk, url, "_pin_verified").url == f"{DOUBTFUL}?departement=41"

    def test_an_unknown_queue_is_no_queue(self, desk):
        place = point_of_sale()
        page = desk.get(form_of(place, "?file=autre&departement=zz")).content.decode()
        assert "_next" not in page

    def test_the_verified_action_works_on_the_list(self, desk, agent):
        place = point_of_sale(reviews=["doubtful_pin"])
        response = act(desk, DOUBTFUL, "verify_pin", place)
        assert "épingle vérifiée" in said(desk, response)
        place.refresh_from_db()
        assert (place.reviews, may_move(place)) == ([], False)
        record = place.history.first()
        assert (record.history_user, record.history_change_reason) == (agent, "épingle vérifiée")


class TestModeration:
    def held(self, name: str, review: str = "natural_person", **fields: Any) -> PointOfSale:
        return point_of_sale(name, reviews=[review], **({"status": "draft"} | fields))

    def test_publish_and_refuse(self, desk):
        good, bad = self.held("Anne Martin"), self.held("Doublon", "duplicate")
        assert names_in(desk.get(HELD)) == {"Anne Martin", "Doublon"}
        act(desk, HELD, "publish", good)
        act(desk, HELD, "refuse", bad)
        good.refresh_from_db(), bad.refresh_from_db()
        assert (good.status, good.reviews) == ("published", [])
        assert (bad.status, bad.reviews) == ("closed", [])
        assert SearchEntry.objects.filter(pk=good.pk).exists()
        assert names_in(desk.get(HELD)) == set()

    def test_publishing_leaves_the_doubt_about_the_pin(self, desk):
        place = self.held("Deux doutes")
        PointOfSale.objects.filter(pk=place.pk).update(reviews=["natural_person", "doubtful_pin"])
        act(desk, HELD, "publish", place)
        place.refresh_from_db()
        assert place.reviews == ["doubtful_pin"]

    def test_one_after_the_other_in_the_form(self, desk):
        first, second = self.held("Un"), self.held("Deux")
        response = submit(desk, form_of(first, "?file=moderation"), "_publish_next")
        assert response.url == form_of(second, "?file=moderation")
        response = submit(desk, response.url, "_refuse_next")
        assert response.url == HELD
        first.refresh_from_db(), second.refresh_from_db()
        assert (first.status, second.status) == ("published", "closed")

    def test_a_refused_publication_stays_on_the_form_and_says_why(self, desk):
        place = self.held("Sans commune")
        PointOfSale.objects.filter(pk=place.pk).update(commune=None)
        response = submit(desk, form_of(place, "?file=moderation"), "_publish_next", street="6 rue Neuve")
        assert response.url == form_of(place, "?file=moderation")
        assert "sans commune" in said(desk, response)
        place.refresh_from_db()
        assert (place.status, place.street, place.reviews) == ("draft", "6 rue Neuve", ["natural_person"])


class TestActions:
    def test_those_that_cannot_be_published_are_named_and_left(self, desk):
        good = point_of_sale("Bonne", status="draft")
        homeless = point_of_sale("Sans commune", status="draft")
        PointOfSale.objects.filter(pk=homeless.pk).update(commune=None)
        merged = point_of_sale("Fusionnée", status="merged", merged_into=good)
        point_of_sale("Vivante", siret=SIRETS[0])
        twin = point_of_sale("Jumelle", siret=SIRETS[0], status="closed")
        words = said(desk, act(desk, PLACES, "publish", good, homeless, merged, twin))
        assert "1 point de vente : publié." in words
        assert "3 refusés" in words
        for reason in ("« Sans commune »", "sans commune", "fusionné dans un autre", "déjà celui de « Vivante »"):
            assert reason in words
        states = dict(PointOfSale.objects.values_list("pk", "status"))
        assert [states[place.pk] for place in (good, homeless, merged, twin)] == [
            "published",
            "draft",
            "merged",
            "closed",
        ]

    def test_two_closed_twins_are_not_both_reopened(self, desk):
        twins = [point_of_sale(f"J{i}", siret=SIRETS[0], status="closed") for i in range(2)]
        words = said(desk, act(desk, PLACES, "publish", *twins))
        assert "1 point de vente : publié." in words
        assert "1 refusé" in words

    @pytest.mark.parametrize(("action", "state"), [("hide", "hidden"), ("close", "closed")])
    def test_hide_and_close_leave_the_search(self, desk, agent, action, state):
        place = point_of_sale()
        assert SearchEntry.objects.filter(pk=place.pk).exists()
        act(desk, PLACES, action, place)
        place.refresh_from_db()
        assert place.status == state
        assert not SearchEntry.objects.filter(pk=place.pk).exists()
        assert place.history.first().history_user == agent

    def test_what_the_database_refuses_is_said_and_nothing_else_is_lost(self, desk, monkeypatch):
        good, twin = point_of_sale("Bonne", status="draft"), point_of_sale("Jumelle", siret=SIRETS[0], status="closed")
        point_of_sale("Vivante", siret=SIRETS[0])
        monkeypatch.setattr("maps.admin.moderation.live_twin", lambda place: None)  # another transaction was faster
        words = said(desk, act(desk, PLACES, "publish", good, twin))
        assert "refusé par la base" in words
        good.refresh_from_db()
        assert good.status == "published"

    def test_a_pin_that_is_not_there_is_not_verified(self, desk):
        place = point_of_sale(reviews=["doubtful_pin"])
        PointOfSale.objects.filter(pk=place.pk).update(pin=None, pin_precision="")
        assert "sans épingle" in said(desk, act(desk, PLACES, "verify_pin", place))

    def test_too_many_at_once_do_nothing(self, desk, monkeypatch):
        monkeypatch.setattr("maps.admin.place_actions.MOST_AT_ONCE", 2)
        places = [point_of_sale(f"F{i}", status="draft") for i in range(3)]
        assert "au plus 2" in said(desk, act(desk, PLACES, "publish", *places))
        assert PointOfSale.objects.filter(status="draft").count() == 3
