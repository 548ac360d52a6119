"""The admin: the queue of all that is to be looked at, why, and one after the other."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.models import Duplicate, Offer, OwnerNotice, PointOfSale, Product, Report
from directory.owners import freshness, leaving
from maps.admin import moderation
from maps.admin.worklists import MODERATION, Walk
from tests.builders import owned_place, point_of_sale
from tests.maps.admin_desk import HELD, form_of, names_in, said, staff_with, submit, typed_in

pytestmark = pytest.mark.django_db
FILE = "?file=moderation"


def order(response) -> list[str]:
    return [place.display_name for place in response.context["cl"].result_list]


class TestList:
    def test_the_gravest_first_then_the_oldest(self, desk):
        for name, *reviews in (("N1", "new"), ("D", "doubtful_pin"), ("R", "new", "reported"), ("N2", "new"),
                               ("P", "natural_person"), ("C", "changed"), ("Rien",)):  # fmt: skip
            point_of_sale(name, reviews=reviews)
        assert order(desk.get(HELD)) == ["R", "P", "N1", "N2", "C", "D"]
        assert order(desk.get(HELD, {"reviews": "new"})) == ["R", "N1", "N2"]

    def test_the_way_goes_on_within_what_was_asked_for(self, desk):
        place = point_of_sale("N1", reviews=["new"])
        page = desk.get(HELD, {"reviews": "new", "departement": "41"}).content.decode()
        assert form_of(place, f"{FILE}&amp;departement=41&amp;reviews=new") in page

    def test_it_says_what_changed_since_somebody_looked(self, desk, agent):
        place = owned_place(name="Chèvrerie", products=["cheese"])
        place._history_user, place.postcode = agent, "41000"
        place.save()
        place._history_user, place.street, place.reviews = place.merchant.owner, "<b>3 rue Neuve", ["changed"]
        place.save()
        Offer.objects.create(point_of_sale=place, product=Product.objects.get(code="strawberries"))
        page = desk.get(HELD).content.decode()
        assert "adresse : <del>1 rue du Test</del> → <ins>&lt;b&gt;3 rue Neuve</ins>" in page
        assert "offre : 1 ligne" in page
        assert "41000</ins>" not in page, "an agent wrote that"

    def test_it_says_what_was_reported_in_the_persons_words(self, desk):
        place = point_of_sale(reviews=["reported"])
        report = Report.objects.create(point_of_sale=place, kind="closed", text="Fermé <depuis> mars")
        Report.objects.create(point_of_sale=place, kind="hours", state="refused", text="Non")
        page = desk.get(HELD).content.decode()
        assert f"/gestion/directory/report/{report.pk}/change/" in page
        assert "Fermé &lt;depuis&gt; mars" in page
        assert "Non" not in page.split('id="result_list"')[1]

    def test_it_says_of_whom_it_may_be_the_double_and_why(self, desk):
        place, other = point_of_sale("Ferme", reviews=["new"]), point_of_sale("La ferme")
        Duplicate.objects.create(first=place, second=other, score=0.8,
                                 reasons=[{"code": "phone"}, {"code": "name", "likeness": 94}])  # fmt: skip
        page = desk.get(HELD).content.decode()
        assert "peut-être la même que « La ferme »" in page
        assert "même téléphone, noms semblables (94 %)" in page

    def test_no_more_queries_for_more_rows(self, desk):
        counts = []
        for number in range(12):
            place = owned_place(f"o{number}@example.org", name=f"F{number}", reviews=["reported", "changed", "new"])
            Report.objects.create(point_of_sale=place, kind="closed")
            place.street = "9 rue Neuve"
            place.save()
            if number in (1, 11):
                with CaptureQueriesContext(connection) as queries:
                    desk.get(HELD)
                counts.append(len(queries))
        assert counts[0] == counts[1]

    @pytest.mark.parametrize(("right", "status"), [("view_merchant", 403), ("view_pointofsale", 200)])
    def test_only_who_may_see_points_of_sale_sees_it(self, right, status):
        assert staff_with(right).get(HELD).status_code == status


class TestNothingToSay:
    def test_it_settles_what_the_page_showed_and_nothing_that_came_since(self, desk):
        place = point_of_sale(reviews=["new"])
        form = typed_in(desk, form_of(place, FILE))
        PointOfSale.objects.filter(pk=place.pk).update(reviews=["new", "doubtful_pin"])
        desk.post(form_of(place, FILE), {**form, "_fine_next": "1"})
        place.refresh_from_db()
        assert (place.reviews, place.status) == (["doubtful_pin"], "published")

    def test_the_same_from_the_list(self, desk):
        place = point_of_sale(reviews=["new", "changed"])
        data = {"action": "nothing_to_say", "_selected_action": [place.pk], "index": "0", f"shown-{place.pk}": "new"}
        assert "rien à redire" in said(desk, desk.post(HELD, data))
        place.refresh_from_db()
        assert place.reviews == ["changed"]

    def test_the_list_says_what_it_shows(self, desk):
        place = point_of_sale(reviews=["new", "changed"])
        assert f'name="shown-{place.pk}" value="new,changed"' in desk.get(HELD).content.decode()

    def test_a_report_waits_for_its_answer(self, desk):
        place = point_of_sale(reviews=["reported", "new"])
        Report.objects.create(point_of_sale=place, kind="closed")
        response = submit(desk, form_of(place, FILE), "_fine_next")
        assert "un signalement ou une revendication y attend" in said(desk, response)
        place.refresh_from_db()
        assert place.reviews == ["reported"]

    def test_what_waits_to_be_published_is_published_or_refused(self, desk):
        place = point_of_sale(reviews=["natural_person"], status="draft")
        assert "publiée ou refusée" in said(desk, submit(desk, form_of(place, FILE), "_fine_next"))
        place.refresh_from_db()
        assert place.reviews == ["natural_person"]

    def test_one_after_the_other_the_gravest_first(self, desk):
        new, changed = point_of_sale("N", reviews=["new"]), point_of_sale("C", reviews=["changed"])
        grave = point_of_sale("P", reviews=["natural_person"])
        response = submit(desk, form_of(grave, FILE), "_fine_next")
        assert response.url == form_of(new, FILE)
        response = submit(desk, response.url, "_next")
        assert response.url == form_of(changed, FILE), "left as it is, it is passed over"
        response = submit(desk, response.url, "_fine_next")
        assert response.url == form_of(new, FILE)
        assert submit(desk, response.url, "_fine_next").url == HELD
        assert names_in(desk.get(HELD)) == set()


class TestHideAndAsk:
    def test_hidden_with_a_reason_that_the_owner_reads(self, desk):
        place = owned_place(name="Chèvrerie", reviews=["changed"])
        submit(desk, form_of(place, FILE), "_ask_next", change_reason="Quelle est l'adresse ?")
        place.refresh_from_db()
        assert (place.status, place.reviews) == ("hidden", [])
        what = OwnerNotice.objects.get().what
        assert what == {"code": "hidden", "place": place.pk, "why": "Quelle est l'adresse ?"}

    def test_not_without_a_reason_nor_where_nobody_can_answer(self, desk):
        place, nobodys = owned_place(reviews=["changed"]), point_of_sale(reviews=["changed"])
        assert "dites pourquoi" in said(desk, submit(desk, form_of(place, FILE), "_ask_next"))
        words = said(desk, submit(desk, form_of(nobodys, FILE), "_ask_next", change_reason="Quoi ?"))
        assert "pas de titulaire" in words
        assert set(PointOfSale.objects.values_list("status", flat=True)) == {"published"}


class TestHome:
    def test_it_counts_by_reason(self, desk):
        for reviews in (["new"], ["new", "reported"], ["doubtful_pin"]):
            point_of_sale(reviews=reviews)
        point_of_sale(reviews=["new"], status="closed")
        page = desk.get("/gestion/").content.decode()
        for words in ("Fiches à examiner (3)", "signalée (1)", "nouvelle fiche (2)", "Épingles douteuses (1)"):
            assert words in page
        assert "changée par son titulaire (" not in page

    def test_not_for_who_may_not_see_them(self):
        assert "Fiches à examiner" not in staff_with("view_merchant").get("/gestion/").content.decode()


def test_the_queue_reads_an_index():
    merchant = point_of_sale(reviews=["new"]).merchant
    rows = (PointOfSale(merchant=merchant, reviews=["new"] if number % 200 == 0 else []) for number in range(4000))
    PointOfSale.objects.bulk_create(rows, batch_size=500)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE directory_pointofsale")
    plan = Walk(MODERATION, reason="new").rows.explain()
    assert "pos_reviews" in plan
    assert "pos_reviews" in Walk(MODERATION).rows.explain()


class TestPublishing:
    def test_not_what_its_merchant_withdraws(self, desk, agent):
        place = owned_place()
        leaving.leave(place.merchant)
        place.refresh_from_db()
        assert "remettez-la d'abord" in moderation.decide([place], moderation.publish, agent, "x").refused[0][1]
        page = submit(desk, form_of(place), "_save", status="published").content.decode()
        assert "Son retrait est demandé" in page
        place.refresh_from_db()
        assert place.status == "hidden"

    def test_what_a_moderator_hid_is_not_back_by_its_owners_word(self, agent):
        place = owned_place(status="hidden", stale_since=timezone.now(), look_at=None)
        assert freshness.was_hidden(place)
        moderation.decide([place], moderation.hide, agent, "x")
        place.refresh_from_db()
        freshness.confirm(place)
        assert place.status == "hidden"

    def test_what_was_hidden_for_want_of_news_is_asked_for_again_once_published(self, agent):
        place = owned_place(status="hidden", stale_since=timezone.now(), look_at=None)
        moderation.decide([place], moderation.publish, agent, "x")
        place.refresh_from_db()
        assert (place.status, place.stale_since) == ("published", None)
        assert place.look_at > timezone.now()
