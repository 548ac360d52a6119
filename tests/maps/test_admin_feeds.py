"""Feeds in the admin: checked when saved, looked at before they pass, confirmed when held; who may do so."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from directory import tasks
from directory.models import Feed, FeedRun, PointOfSale
from directory.platforms import feeding
from tests.directory.importing.conftest import versions
from tests.directory.platforms.partner import LOOPBACK, MAPPING, entry, feed_of, serving
from tests.maps.admin_desk import NASTY, staff_with

pytestmark = pytest.mark.django_db
FEEDS = "/gestion/directory/feed/"


def text_of(answer) -> str:
    """What a page says, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", answer.content.decode())).split())


@pytest.fixture
def partner(settings):
    settings.FEEDS_ALLOWED_NETWORKS = [LOOPBACK]
    with serving() as server:
        yield server


@pytest.fixture
def feed(partner):
    partner.gives(*map(entry, range(1, 7)))
    made = feed_of(partner)
    feeding.run(made)
    return made


def sent(feed: Feed, **values: str) -> dict[str, str]:
    return {
        "url": feed.url, "format": feed.format, "mapping": feed.mapping, "platform": "", "active": "on",
        "every_hours": "24", **values,
    }  # fmt: skip


def test_the_list_asks_no_more_for_more_feeds(desk, feed, django_assert_num_queries):
    feeding.run(feed)
    with CaptureQueriesContext(connection) as asked:
        assert "rien de nouveau" in text_of(desk.get(FEEDS))
    for number in range(5):
        other = Feed.objects.create(slug=f"f{number}", url="https://a.example/", format="json", mapping="")
        FeedRun.objects.create(feed=other, started_at=timezone.now(), seconds=1, outcome="held")
    with django_assert_num_queries(len(asked)):
        assert text_of(desk.get(FEEDS)).count("retenu : à confirmer") == 5


class TestSaving:
    def test_a_new_one(self, desk):
        values = {
            "slug": "marche", "url": "https://marche.example/liste.json", "format": "json", "mapping": MAPPING,
            "every_hours": "24",
        }  # fmt: skip
        assert desk.post(f"{FEEDS}add/", values).status_code == 302
        made = Feed.objects.get()
        assert (made.slug, made.active, made.history.count()) == ("marche", False, 1)

    @pytest.mark.parametrize(
        ("mapping", "why"),
        [
            ("[source", "at end of document"),
            (MAPPING.replace("[columns]", "[colums]"), "the nearest is columns"),
            (MAPPING.replace('"marche"', '"autre"'), "slug must be"),
            (MAPPING.replace('"trade"', "3"), "activities must be a list of texts"),
            (MAPPING + '\n[activities]\n"Pain" = { activities = ["bakeri"], kind = "shop" }', "the nearest is"),
            (MAPPING + '\n[activities]\n"Pain" = { activities = "bakery", kind = "shop" }', "must be a list of codes"),
            ("a = " + "[" * 5000, "too deep"),
        ],
    )
    def test_a_wrong_mapping_is_told(self, desk, feed, mapping, why):
        answer = desk.post(f"{FEEDS}{feed.pk}/change/", sent(feed, mapping=mapping))
        assert answer.status_code == 200
        assert why in text_of(answer)
        feed.refresh_from_db()
        assert feed.mapping == MAPPING

    def test_an_address_of_another_kind(self, desk, feed):
        answer = desk.post(f"{FEEDS}{feed.pk}/change/", sent(feed, url="ftp://marche.example/"))
        assert "http:// et https://" in text_of(answer)

    def test_what_is_read_otherwise_is_read_anew(self, desk, feed, partner):
        desk.post(f"{FEEDS}{feed.pk}/change/", sent(feed, every_hours="12"))
        feed.refresh_from_db()
        assert feed.checksum
        assert feed.next_at
        desk.post(f"{FEEDS}{feed.pk}/change/", sent(feed, mapping=MAPPING.replace("shop.street", "shop.lat")))
        feed.refresh_from_db()
        assert (feed.checksum, feed.etag, feed.next_at) == ("", "", None)


class TestPreview:
    def test_the_button_saves_and_leads_there(self, desk, feed):
        answer = desk.post(f"{FEEDS}{feed.pk}/change/", sent(feed, _preview="1"))
        assert answer["Location"] == f"{FEEDS}{feed.pk}/apercu/"

    def test_what_would_come_go_and_be_refused(self, desk, feed, partner):
        nasty = {"name": f"Le Four {NASTY}", "city": "Vendôme"}
        partner.gives(*map(entry, range(1, 6)), entry(7, shop=nasty), entry(8, siret="123"))
        before, gone = versions(), PointOfSale.objects.get(source_records__external_id="m6").display_name
        answer = desk.get(f"{FEEDS}{feed.pk}/apercu/")
        text = text_of(answer)
        for said in ("7 lignes lues", "Ce qui serait écrit (1)", "Refusé ou retenu (1)", "SIRET faux", gone):
            assert said in text
        assert "<img src=x" not in answer.content.decode()
        assert "onerror" in text, "as text"
        assert versions() == before
        assert feed.runs.count() == 1

    def test_a_list_that_would_be_held(self, desk, feed, partner):
        partner.gives()
        assert "serait retenu" in text_of(desk.get(f"{FEEDS}{feed.pk}/apercu/"))

    def test_a_list_that_cannot_be_read(self, desk, feed, partner):
        partner.body = b"<p>Connexion"
        assert "non une liste" in text_of(desk.get(f"{FEEDS}{feed.pk}/apercu/"))


class TestPassages:
    def test_asked_for_once(self, desk, feed):
        for _ in range(2):
            answer = desk.post(f"{FEEDS}{feed.pk}/change/", sent(feed, _run="1"), follow=True)
        assert "déjà demandé" in text_of(answer)
        assert ProcrastinateJob.objects.get().args == {"slug": "marche", "confirmed": None}
        assert tasks.run_feed("marche") == FeedRun.Outcome.UNCHANGED

    def test_one_that_is_held_is_confirmed(self, desk, feed, partner):
        assert "_confirm" not in desk.get(f"{FEEDS}{feed.pk}/change/").content.decode()
        partner.gives()
        held = feeding.run(feed)
        assert "_confirm" in desk.get(f"{FEEDS}{feed.pk}/change/").content.decode()
        desk.post(f"{FEEDS}{feed.pk}/change/", sent(feed, _confirm="1"))
        asked = ProcrastinateJob.objects.get().args
        assert asked == {"slug": "marche", "confirmed": held.pk}
        assert tasks.run_feed(**asked) == FeedRun.Outcome.WRITTEN
        assert set(PointOfSale.objects.values_list("status", flat=True)) == {"hidden"}
        answer = desk.post(f"{FEEDS}{feed.pk}/change/", sent(feed, _confirm="1"), follow=True)
        assert "n'attend plus" in text_of(answer)

    def test_what_stays_though_absent(self, desk, agent, feed, partner):
        mine = PointOfSale.objects.get(source_records__external_id="m6").merchant
        mine.owner = agent
        mine.save()
        partner.gives(*map(entry, range(1, 6)))
        assert "Laissé bien qu'absent : modifié ou revendiqué ici (1)" in text_of(desk.get(f"{FEEDS}{feed.pk}/apercu/"))
        made = feeding.run(feed)
        assert "laissée ici" in text_of(desk.get(f"/gestion/directory/feedrun/{made.pk}/change/"))

    def test_what_one_did(self, desk, feed, partner):
        partner.gives(*map(entry, range(1, 7)), entry(8, siret="123"))
        made = feeding.run(feed)
        assert "refusées : 1" in text_of(desk.get(f"/gestion/directory/feedrun/{made.pk}/change/"))
        assert "SIRET faux" in text_of(desk.get(f"/gestion/directory/feedrun/{made.pk}/change/"))
        assert "mis à jour" in text_of(desk.get(f"/gestion/directory/feedrun/?feed__id__exact={feed.pk}"))


class TestRights:
    def test_agents_keep_feeds_and_never_delete(self, desk, feed):
        for page in ("", "add/", f"{feed.pk}/change/", f"{feed.pk}/history/", f"{feed.pk}/apercu/"):
            assert desk.get(f"{FEEDS}{page}").status_code == 200, page
        assert desk.get(f"{FEEDS}{feed.pk}/delete/").status_code == 403
        run = feed.runs.get()
        assert desk.post(f"/gestion/directory/feedrun/{run.pk}/change/", {"read": 9}).status_code == 403
        assert desk.get("/gestion/directory/feedrun/add/").status_code == 403

    def test_who_may_only_look(self, feed, partner):
        looking, asked = staff_with("view_feed"), len(partner.asked)
        page = looking.get(f"{FEEDS}{feed.pk}/change/")
        assert page.status_code == 200
        assert "_preview" not in page.content.decode()
        assert looking.get(f"{FEEDS}{feed.pk}/apercu/").status_code == 403
        assert looking.post(f"{FEEDS}{feed.pk}/change/", sent(feed, _run="1")).status_code == 403
        assert len(partner.asked) == asked
        assert not ProcrastinateJob.objects.exists()

    def test_others(self, client, feed):
        assert client.get(f"{FEEDS}{feed.pk}/apercu/").status_code == 302

    def test_contact_data_is_for_those_who_may_see_merchants(self, feed, partner):
        mapping = MAPPING.replace("[optional_columns]", '[optional_columns]\nphone = "phone"')
        Feed.objects.update(mapping=mapping)
        partner.gives(*map(entry, range(1, 7)), entry(7, phone="02 54 00 00 00"))
        page = f"{FEEDS}{feed.pk}/apercu/"
        assert "54 00 00 00" not in text_of(staff_with("change_feed", "view_feed").get(page))
