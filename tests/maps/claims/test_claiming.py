"""The pages by which somebody claims an entry, and its owner answers: each sees its own."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from directory.claims import claiming
from directory.models import Claim, Merchant
from tests.claims_data import OTHER_SIRET, SIRET, asked, owner_of
from tests.maps.admin_desk import log_in

pytestmark = pytest.mark.django_db

CONTACT = {"siret": SIRET, "means": "contact", "text": ""}
MODERATOR = {"siret": SIRET, "means": "moderator", "text": "mon nom est au registre"}


@pytest.fixture
def held(farm, anne):
    farm.merchant.owner = anne
    farm.merchant.save()
    return farm


def claim(client, place, **changes):
    return client.post(f"/revendiquer/{place.pk}/", CONTACT | changes)


def test_a_mailbox_first(client, farm, mailoutbox):
    page = client.get(f"/revendiquer/{farm.pk}/").content.decode()
    assert 'name="siret"' not in page
    claim(client, farm)
    assert not Claim.objects.exists()
    assert client.post(f"/revendiquer/{farm.pk}/", {"email": "new@example.org"}).url == "/connexion/envoye/"
    (mail,) = mailoutbox
    assert mail.to == ["new@example.org"]
    link = re.search(r"http://testserver(/connexion/lien/\S+)", mail.body)[1]
    assert f"next=/revendiquer/{farm.pk}/" in link.replace("%2F", "/")
    assert client.post(link).url == f"/revendiquer/{farm.pk}/"
    assert 'name="siret"' in client.get(f"/revendiquer/{farm.pk}/").content.decode()


def test_a_mailbox_that_is_none(client, farm, mailoutbox):
    answer = client.post(f"/revendiquer/{farm.pk}/", {"email": "new@"})
    assert (answer.status_code, len(mailoutbox)) == (400, 0)


def test_by_the_code_that_goes_to_the_contact_on_file(farm, anne, mailoutbox):
    client = log_in(anne)
    own = claim(client, farm).url
    (mail,) = mailoutbox
    assert mail.to == ["contact@fermedespres.example"]
    code = re.search(r"\b\d{6}\b", mail.body)[0]
    wrong = client.post(own, {"code": f"{(int(code) + 1) % 10**6:06}"})
    assert wrong.status_code == 400
    assert "Ce n'est pas le code" in wrong.context["mistake"]
    assert client.post(own, {"code": code}).status_code == 302
    assert owner_of(farm) == anne
    page = client.get(own).content.decode()
    assert f"/mon-commerce/{farm.pk}/epingle/" in page
    assert [sent.to for sent in mailoutbox[1:]] == [["anne@example.org"]]


def test_the_contact_on_file_is_shown_to_nobody(farm, anne):
    client = log_in(anne)
    page = client.get(f"/revendiquer/{farm.pk}/").content.decode()
    own = client.get(claim(client, farm).url).content.decode()
    for text in (page, own):
        assert "fermedespres" not in text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"siret": "123"}, "siret"),
        ({"siret": OTHER_SIRET}, "siret"),
        ({"means": ""}, "means"),
        ({"means": "letter"}, "means"),
        ({"means": "moderator"}, "text"),
    ],
)
def test_a_mistake_is_named_beside_its_field(farm, anne, changes, field):
    answer = claim(log_in(anne), farm, **changes)
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, [field])
    assert not Claim.objects.exists()


def test_one_without_a_contact_is_for_a_moderator(farm, anne):
    Merchant.objects.update(email="")
    client = log_in(anne)
    assert 'value="contact"' not in client.get(f"/revendiquer/{farm.pk}/").content.decode()
    answer = claim(client, farm, **MODERATOR)
    assert Claim.objects.get().state == "asked"
    assert client.get(f"/revendiquer/{farm.pk}/").url == answer.url  # one at a time


def test_the_owner_is_told_at_once_and_stays_the_owner(held, anne, bruno, mailoutbox):
    claim(log_in(bruno), held, **MODERATOR)
    (mail,) = mailoutbox
    assert mail.to == ["anne@example.org"]
    assert f"/revendication/{Claim.objects.get().pk}/reponse/" in mail.body
    assert "bruno" not in mail.body
    assert owner_of(held) == anne


def test_the_owner_answers_or_lets_go(held, anne, bruno):
    made, client = asked(held, bruno), log_in(anne)
    path = f"/revendication/{made.pk}/reponse/"
    assert "bruno" not in client.get(path).content.decode()
    assert client.post(path, {"do": "keep", "text": ""}).status_code == 400
    client.post(path, {"do": "keep", "text": "le bail"})
    made.refresh_from_db()
    assert (made.answer, owner_of(held)) == ("le bail", anne)
    client.post(path, {"do": "let_go"})
    assert owner_of(held) == bruno
    assert client.get(path).status_code == 404


def test_each_sees_its_own_claims_alone(held, anne, bruno):
    made = asked(held, bruno)
    own, reply = f"/revendication/{made.pk}/", f"/revendication/{made.pk}/reponse/"
    assert log_in(bruno).get(own).status_code == 200
    assert log_in(anne).get(own).status_code == 404
    assert log_in(bruno).get(reply).status_code == log_in(bruno).post(reply, {"do": "let_go"}).status_code == 404
    for path in (own, reply):
        assert Client().get(path).url.startswith("/connexion/?next=")
    assert owner_of(held) == anne


def test_a_code_typed_by_another_opens_nothing(farm, anne, bruno):
    made = asked(farm, anne, Claim.Means.CONTACT)
    code = claiming.new_code(made)
    assert log_in(bruno).post(f"/revendication/{made.pk}/", {"code": code}).status_code == 404
    assert owner_of(farm) is None


def test_ones_own_entry_is_not_claimed(held, anne):
    assert log_in(anne).get(f"/revendiquer/{held.pk}/").url == f"/mon-commerce/{held.pk}/"
