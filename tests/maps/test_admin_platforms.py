"""Platforms at the desk of an agent: written, kept in step, looked after; refused to others."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.contrib.gis.measure import D
from django.utils import timezone

from directory.models import Platform, Product
from directory.models.platform import SoldOn
from directory.platforms import also_near
from directory.questions import Question
from tests.builders import centre_of, point_of_sale
from tests.maps.admin_desk import MERCHANTS, NASTY, errors_of, log_in, saved, staff_with, typed_in
from tests.platform_data import platform

ORLEANS, TOURS = "45234", "37261"
PLATFORMS = "/gestion/directory/platform/"
NEW = {
    "name": "Marché d'Orléans",
    "slug": "marche-d-orleans",
    "operator": "Ville d'Orléans",
    "kind": "town_marketplace",
    "url": "https://marche.example.org/",
    "status": "published",
    "communes": [ORLEANS],
}
pytestmark = pytest.mark.django_db


def near(commune: str) -> list[str]:
    return [one.name for one in also_near(Question(centre=centre_of(commune), radius=D(km=10))).platforms]


def form_of(one: Platform) -> str:
    return f"{PLATFORMS}{one.pk}/change/"


def send(client, path: str, **changes):
    """The page's form as it stands, with some fields typed over (one of a platform's is called url)."""
    return client.post(path, {**typed_in(client, path), **changes, "_continue": "1"})


def listed(client, query: str) -> set[str]:
    return {one.name for one in client.get(f"{PLATFORMS}?{query}").context["cl"].result_list}


def test_one_that_is_added_is_found_at_once(desk):
    saved(send(desk, f"{PLATFORMS}add/", products=[Product.objects.get(code="cheese").pk], **NEW))
    assert near(ORLEANS) == ["Marché d'Orléans"]
    assert near(TOURS) == []
    page = unescape(desk.get(form_of(Platform.objects.get())).content.decode())
    assert "1 commune, 28 km²" in page


def test_its_territory_follows_an_edit_and_the_history_tells_of_it(desk):
    one = platform("Ici", communes=[ORLEANS])
    saved(send(desk, form_of(one), communes=[TOURS]))
    assert near(ORLEANS) == []
    assert near(TOURS) == ["Ici"]
    assert "Tours" in desk.get(f"{PLATFORMS}{one.pk}/history/").content.decode()


def test_what_is_published_serves_somewhere_and_leads_to_a_site(desk):
    assert "status" in errors_of(send(desk, f"{PLATFORMS}add/", **(NEW | {"communes": []})))
    assert "url" in errors_of(send(desk, f"{PLATFORMS}add/", **(NEW | {"url": "javascript:alert(1)"})))


@pytest.mark.parametrize(
    ("field", "value"),
    [("url", "ftp://marche.example.org/"), ("name", "Mar\x07ché"), ("name", "Mar\u202eché"), ("operator", "Vil\x1ble")],
)
def test_what_nobody_could_read_or_follow_is_refused(desk, field, value):
    assert list(errors_of(send(desk, f"{PLATFORMS}add/", **(NEW | {field: value})))) == [field]


def test_another_site_is_looked_at_anew(desk):
    one = platform(communes=[ORLEANS], link="hidden", failing_since=timezone.now(), checked_at=timezone.now())
    saved(send(desk, form_of(one), operator="Une autre"))
    one.refresh_from_db()
    assert one.link == "hidden"
    saved(send(desk, form_of(one), url="https://ailleurs.example.org/"))
    one.refresh_from_db()
    assert (one.link, one.failing_since, one.checked_at) == ("unknown", None, None)


def test_links_to_look_at(desk):
    now = timezone.now()
    platform("Répond", link="works", checked_at=now)
    platform("Hésite", link="failing", checked_at=now)
    platform("Signalée", link="flagged", checked_at=now)
    platform("Masquée", link="hidden", checked_at=now)
    platform("Oubliée", link="works", checked_at=now - timedelta(days=4))
    platform("Inventée", link="flagged", demo=True)
    assert listed(desk, "link=review") == {"Signalée", "Masquée", "Oubliée"}
    assert listed(desk, "link=failing") == {"Hésite"}
    assert "ne répond plus depuis 14 jours" in desk.get(PLATFORMS).content.decode()


def test_hostile_words_are_text(desk):
    one = platform(NASTY, operator=NASTY, communes=[ORLEANS], sellers=[point_of_sale(NASTY).merchant])
    for path in (PLATFORMS, form_of(one), f"{MERCHANTS}{SoldOn.objects.get().merchant_id}/change/"):
        page = desk.get(path)
        assert page.status_code == 200
        assert NASTY not in page.content.decode()


def test_a_merchant_is_put_on_a_platform_and_taken_off(desk):
    merchant, one = point_of_sale("Ferme").merchant, platform("Drive", communes=[ORLEANS])
    url = f"{MERCHANTS}{merchant.pk}/change/"
    line = {"sold_on-TOTAL_FORMS": "1", "sold_on-0-platform": one.pk, "sold_on-0-url": "https://d.example.org/ferme/"}
    assert send(desk, url, **line, **{"sold_on-0-id": "", "sold_on-0-merchant": merchant.pk}).status_code == 302
    sold = SoldOn.objects.get()
    assert (sold.platform, sold.url) == (one, "https://d.example.org/ferme/")
    assert send(desk, url, **{"sold_on-0-DELETE": "on"}).status_code == 302
    assert not SoldOn.objects.exists()
    assert "Drive" in desk.get(f"{MERCHANTS}{merchant.pk}/history/").content.decode()


def test_agents_add_and_change_and_never_delete(desk, agent):
    one = platform(communes=[ORLEANS])
    assert desk.get(f"{PLATFORMS}add/").status_code == desk.get(form_of(one)).status_code == 200
    assert desk.get(f"{PLATFORMS}{one.pk}/delete/").status_code == 403
    assert not agent.has_perm("directory.delete_platform")
    assert "directory/platform/" in desk.get("/gestion/").content.decode()


def test_others_do_not(client):
    one = platform(communes=[ORLEANS])
    assert client.get(form_of(one)).status_code == 302  # to sign in
    assert log_in(User.objects.create_user("passante")).get(form_of(one)).status_code == 302
    assert staff_with("view_merchant").get(form_of(one)).status_code == 403
    reader = log_in(User.objects.create_user("lectrice", is_staff=True))
    assert reader.post(f"{PLATFORMS}add/", NEW).status_code == 403
    assert Platform.objects.count() == 1


def test_who_may_only_look_changes_nothing():
    one = platform("Ici", communes=[ORLEANS])
    reader = staff_with("view_platform")
    assert reader.get(form_of(one)).status_code == 200
    assert reader.post(form_of(one), NEW).status_code == 403
    one.refresh_from_db()
    assert one.name == "Ici"
