"""Letters: printed in the admin, and what their codes lead to."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from directory.claims import codes, letters
from directory.models import Letter, Source, SourceRecord
from tests.builders import point_of_sale
from tests.claims_data import owner_of
from tests.maps.admin_desk import log_in, staff_with

pytestmark = pytest.mark.django_db

PRINT = "/gestion/directory/letterbatch/add/"


@pytest.fixture
def code(farm):
    return letters.make(None, letters.due())[0].code


def test_the_code_is_typed_and_leads_to_its_entry(client, farm, code):
    answer = client.post("/lettre/", {"code": codes.grouped(code).lower()})
    assert answer.url == f"/lettre/{code}/"
    page = client.get(answer.url).content.decode()
    assert "Ferme des Prés" in page
    assert 'name="email"' in page


def test_following_the_link_claims_nothing(client, farm, code, anne):
    for visitor in (client, log_in(anne)):
        assert visitor.get(f"/lettre/{code}/").status_code == 200
    client.post(f"/lettre/{code}/")
    assert owner_of(farm) is None
    assert Letter.objects.get().used_at is None


def test_who_signed_in_takes_the_entry(farm, code, anne):
    client = log_in(anne)
    answer = client.post(f"/lettre/{code}/", follow=True)
    assert "La fiche est à vous" in answer.content.decode()
    assert owner_of(farm) == anne
    again = log_in(anne).get(f"/lettre/{code}/")
    assert again.status_code == 404
    assert "Ferme des Prés" not in again.content.decode()


def test_a_slip_is_named_and_nothing_typed_is_lost(client, code):
    wrong = ("2" if code[0] != "2" else "3") + code[1:]
    answer = client.post("/lettre/", {"code": wrong})
    assert answer.status_code == 400
    assert f'value="{wrong}"' in answer.content.decode()


def test_guesses_end(client, farm, code):
    answers = [client.get(f"/lettre/{codes.letter_code()}/").status_code for _ in range(letters.MOST_WRONG + 1)]
    assert answers == [404] * letters.MOST_WRONG + [429]
    assert client.get(f"/lettre/{code}/").status_code == 429
    assert client.get(f"/lettre/{code}/", REMOTE_ADDR="192.0.2.7").status_code == 200


def test_no_page_that_is_linked_to_is_told_the_code(client, code):
    for path in (f"/lettre/{code}/", f"/lettre/{codes.letter_code()}/"):
        answer = client.get(path)
        assert (answer["Referrer-Policy"], answer["Cache-Control"]) == ("same-origin", "private, no-store")


# --- Printing --------------------------------------------------------------------------------------------------------
@pytest.fixture
def listed(farm):
    source = Source.objects.create(slug="bio", name="Annuaire du bio", producer="Agence Bio", licence="LO")
    SourceRecord.objects.create(source=source, external_id="1", point_of_sale=farm, fields={}, row_hash="0",
                                imported_at=farm.created_at)  # fmt: skip
    return farm


def test_a_letter_says_who_writes_whence_the_data_come_and_how_to_leave(desk, listed):
    page = desk.post(PRINT, {"commune": "Vendôme"})
    text = page.content.decode()
    assert "no-store" in page["Cache-Control"]
    for said in ("Région Centre-Val de Loire", "dpo@example.org", "Annuaire du bio (Agence Bio)", "article 14",
                 "1 rue du Test", "41100 Vendôme", f"http://testserver/retirer/{listed.pk}/", "CNIL"):  # fmt: skip
        assert said in text
    assert "style=" not in text
    assert "<script" not in text
    code = codes.read_letter(re.search(r'<p class="code">(.*?)</p>', text)[1])
    assert Letter.objects.get().code == codes.digest("letter", code)
    assert '<svg viewBox="0 0 ' in text


def test_the_qr_code_holds_the_address_of_the_code(monkeypatch, desk, farm):
    from maps.admin import letters as printing

    drawn = []
    monkeypatch.setattr(printing, "qr", lambda url: drawn.append(url) or "")
    text = desk.post(PRINT, {"place": farm.pk}).content.decode()
    code = codes.read_letter(re.search(r'<p class="code">(.*?)</p>', text)[1])
    assert drawn == [f"http://testserver/lettre/{code}/"]


@pytest.mark.parametrize("sent", [{}, {"commune": "Vendôme", "place": "1"}, {"commune": "Nulle-Part-sur-Loir"},
                                  {"commune": "41018"}, {"place": "999999"}])  # fmt: skip
def test_what_prints_nothing(desk, farm, sent):
    assert desk.post(PRINT, sent).status_code == 400
    assert not Letter.objects.exists()


def test_of_a_commune_or_of_one_establishment(desk, farm):
    other, blois = point_of_sale("Ferme voisine"), point_of_sale("Ferme de Blois", commune="41018")
    desk.post(PRINT, {"commune": "41018"})
    assert set(Letter.objects.values_list("point_of_sale", flat=True)) == {blois.pk}
    desk.post(PRINT, {"place": other.pk})
    desk.post(PRINT, {"commune": "Vendôme"})
    assert sorted(Letter.objects.values_list("point_of_sale", flat=True)) == [farm.pk, other.pk, blois.pk]
    desk.post(PRINT, {"commune": "Vendôme", "again": "on"})
    assert Letter.objects.count() == 5


def test_only_who_may_print_letters_does(farm, anne):
    for client in (staff_with("view_letterbatch", "change_pointofsale"), log_in(anne), Client()):
        assert client.get(PRINT).status_code in (302, 403)
        client.post(PRINT, {"commune": "Vendôme"})
    assert not Letter.objects.exists()


def test_what_was_sent_is_listed_without_codes(desk, farm, code):
    page = desk.get("/gestion/directory/letterbatch/").content.decode()
    assert code not in page
    assert codes.grouped(code) not in page
    assert '<td class="field-number">1</td>' in page
