"""The page that says what is wrong with an entry: by anybody, without an account."""

from __future__ import annotations

import pytest
from django.test import Client

from directory.models import Report
from geo.points import Position
from tests.builders import owned_place, point_of_sale

pytestmark = pytest.mark.django_db

SAID = {"kind": "moved", "text": "Parti à Blois.", "where": "", "email": "", "homepage": ""}


def say(client, place, **changes):
    return client.post(f"/signaler/{place.pk}/", SAID | changes)


def test_what_is_said_is_written(client, farm):
    answer = say(client, farm, where="47.793, 1.066", email="lise@example.org")
    assert (answer.status_code, answer.url) == (302, f"/signaler/{farm.pk}/merci/")
    report = Report.objects.get()
    assert (report.kind, report.text, report.email) == ("moved", "Parti à Blois.", "lise@example.org")
    assert Position.from_geos(report.point) == Position(1.066, 47.793)
    assert "Merci" in client.get(answer.url).content.decode()


def test_an_address_in_words_is_words(client, farm):
    say(client, farm, where="12 rue Basse, Blois")
    report = Report.objects.get()
    assert (report.text, report.point) == ("Parti à Blois.\nOù : 12 rue Basse, Blois", None)


@pytest.mark.parametrize("changes", [{"kind": ""}, {"kind": "other", "text": " "}, {"email": "lise"}])
def test_a_mistake_is_named_and_nothing_typed_is_lost(client, farm, changes):
    answer = say(client, farm, where="au moulin", **changes)
    assert answer.status_code == 400
    assert 'value="au moulin"' in answer.content.decode()
    assert answer.content.decode().count('class="mistake"') == 1
    assert not Report.objects.exists()


def test_a_program_is_thanked_and_not_heard(client, farm):
    assert say(client, farm, homepage="https://spam.example/").status_code == 302
    assert not Report.objects.exists()


def test_a_second_tap_counts_once_and_another_person_twice(client, farm):
    for address in ("192.0.2.1", "192.0.2.1", "192.0.2.2"):
        client.post(f"/signaler/{farm.pk}/", SAID, REMOTE_ADDR=address)
    assert Report.objects.get().times == 2


def test_one_address_does_not_say_everything(client, farm):
    answers = [say(client, farm, text=f"nº {number}").status_code for number in range(4)]
    assert answers == [302, 302, 302, 429]
    assert Report.objects.count() == 3
    others = [point_of_sale(f"Ferme {number}") for number in range(17)]
    assert [say(client, other).status_code for other in others] == [302] * 17
    assert say(client, point_of_sale("Une de trop")).status_code == 429


def test_only_what_is_published_is_reported(client, farm):
    farm.status = "hidden"
    farm.save()
    assert client.get(f"/signaler/{farm.pk}/").status_code == 404
    assert say(client, farm).status_code == 404


@pytest.mark.parametrize("page", ["signaler/{}/", "signaler/{}/merci/", "retirer/{}/", "revendiquer/{}/", "lettre/"])
def test_no_copy_is_kept_and_no_robot_comes(client, farm, page):
    answer = client.get(f"/{page.format(farm.pk)}")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"  # the worker keeps public pages alone
    assert answer["Referrer-Policy"] == "same-origin"
    assert '<meta name="robots" content="noindex, nofollow">' in answer.content.decode()
    assert "sessionid" not in answer.cookies


def test_nobody_posts_from_another_site(farm):
    client = Client(enforce_csrf_checks=True)
    assert client.post(f"/signaler/{farm.pk}/", SAID).status_code == 403
    assert client.post(f"/retirer/{farm.pk}/", {"mine": "on"}).status_code == 403


def test_every_sheet_leads_there_and_says_whose_it_is(client, farm):
    stall = point_of_sale("Étal", merchant=farm.merchant, commune="41018")
    page = client.get(f"/m/{farm.merchant_id}-ferme-des-pres/").content.decode()
    for place in (farm, stall):
        for path in ("signaler", "revendiquer", "retirer"):
            assert f'href="/{path}/{place.pk}/" rel="nofollow"' in page
    assert page.count("Fiche non revendiquée.") == 2
    held = owned_place()
    page = client.get(f"/m/{held.merchant_id}/", follow=True).content.decode()
    assert "non revendiquée" not in page
    assert f"/signaler/{held.pk}/" in page


def test_the_sitemap_has_none_of_it(client, farm):
    assert b"/signaler/" not in client.get("/sitemap-textes.xml").getvalue()
