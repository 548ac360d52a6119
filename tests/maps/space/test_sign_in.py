"""Signing in without a password: the e-mail, its link, its six digits, and where they lead."""

from __future__ import annotations

import time
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client, RequestFactory
from django.utils import timezone

from directory.models import ChamberAgent, SignInCode
from directory.owners import links
from directory.owners.accounts import account_of, make_account
from maps.space import sign_in
from tests.builders import owner
from tests.maps.desk.conftest import official
from tests.maps.space.coming_in import DOOR, EMAIL, SENT, STRANGER, ask, digits, link, signed_in, type_in

pytestmark = pytest.mark.django_db


class TestTheLink:
    def test_signs_in_by_its_button_alone(self, client, chevrier):
        assert ask(client).url == SENT
        assert mail.outbox[-1].to == [EMAIL]
        page = client.get(link())
        assert "c…@example.org" in page.content.decode()
        assert page["Referrer-Policy"] == "same-origin"
        assert "no-store" in page["Cache-Control"]
        assert not signed_in(client)
        assert client.post(link()).url == "/mon-commerce/"
        assert signed_in(client)

    def test_serves_once(self, client, chevrier):
        ask(client)
        first = Client()
        first.post(link())
        assert signed_in(first)
        for answer in (client.get(link()), client.post(link())):
            assert answer.status_code == 404
            assert "ne vaut plus" in answer.content.decode()
        assert not signed_in(client)

    def test_serves_half_an_hour(self, client, chevrier, monkeypatch):
        ask(client)
        now = time.time()
        monkeypatch.setattr("sesame.tokens_v2.time.time", lambda: now + 29 * 60)
        assert client.get(link()).status_code == 200
        monkeypatch.setattr("sesame.tokens_v2.time.time", lambda: now + 31 * 60)
        assert client.post(link()).status_code == 404

    def test_of_an_account_that_was_closed_meanwhile_leads_nowhere(self, client, chevrier):
        ask(client)
        chevrier.is_active = False
        chevrier.save()
        assert client.post(link()).status_code == 404

    def test_of_one_who_became_an_agent_leads_nowhere(self, client, chevrier):
        ask(client)
        ChamberAgent.objects.create(user=chevrier, chamber="trades")
        assert client.post(link()).status_code == 404

    @pytest.mark.parametrize("token", ["AAAA", "a" * 24, "x:y:z", "é"])
    def test_made_up_leads_nowhere(self, client, token):
        assert client.post(f"/connexion/lien/{token}/").status_code == 404

    def test_of_another_site_s_form_is_refused(self, chevrier):
        client = Client(enforce_csrf_checks=True)
        Client().post(DOOR, {"email": EMAIL})
        assert client.post(link()).status_code == 403


class TestWhereItLeads:
    def test_on_to_the_page_that_was_asked_for(self, client, chevrier):
        asked = client.get("/mon-commerce/7/internet/?a=1")
        assert asked.url == f"{DOOR}?next=/mon-commerce/7/internet/%3Fa%3D1"
        assert 'value="/mon-commerce/7/internet/?a=1"' in client.get(asked.url).content.decode()
        ask(client, next_="/mon-commerce/7/internet/?a=1")
        assert client.post(link()).url == "/mon-commerce/7/internet/?a=1"

    def test_by_the_code_too(self, client, chevrier):
        ask(Client(), next_="/mon-commerce/7/epingle/")
        assert type_in(client, digits()).url == "/mon-commerce/7/epingle/"

    @pytest.mark.parametrize(
        "elsewhere",
        ["https://example.org/", "//example.org/", "javascript:alert(1)", "/\\x.org", "/\0a", "/\r\na", "/\u2028"],
    )
    def test_never_to_another_site_nor_to_what_no_address_has_in_it(self, client, chevrier, elsewhere):
        ask(client, next_=elsewhere)
        assert "next=" not in link()
        assert client.get(DOOR, {"next": elsewhere}).status_code == 200
        assert client.post(f"{link()}?{urlencode({'next': elsewhere})}").url == "/mon-commerce/"

    def test_one_who_is_signed_in_goes_on(self, client, chevrier):
        client.force_login(chevrier, backend=sign_in.BACKEND)
        assert client.get(f"{DOOR}?next=/mon-commerce/7/").url == "/mon-commerce/7/"


class TestTheCode:
    def test_signs_in_on_another_device(self, client, chevrier):
        ask(Client())
        code = digits()
        assert type_in(client, f" {code[:3]} {code[3:]} ", "Chevrier@Example.org ").url == "/mon-commerce/"
        assert signed_in(client)

    def test_serves_once_and_ends_the_link(self, client, chevrier):
        ask(client)
        type_in(Client(), digits())
        assert type_in(client, digits()).status_code == 400
        assert client.post(link()).status_code == 404

    def test_ends_with_the_link(self, client, chevrier):
        ask(client)
        Client().post(link())
        assert type_in(client, digits()).status_code == 400
        assert not signed_in(client)

    def test_serves_half_an_hour(self, client, chevrier):
        ask(client)
        SignInCode.objects.update(made_at=timezone.now() - timedelta(minutes=31))
        assert type_in(client, digits()).status_code == 400

    def test_the_newest_alone(self, client, chevrier):
        ask(client)
        older = digits()
        ask(client)
        assert type_in(client, older).status_code == 400
        assert type_in(client, digits()).status_code == 302

    def test_is_tried_five_times(self, client, chevrier):
        ask(client)
        wrong = f"{(int(digits()) + 1) % 1_000_000:06d}"
        for _ in range(5):
            assert type_in(client, wrong).status_code == 400
        assert type_in(client, digits()).status_code == 400
        assert not signed_in(client)

    def test_a_client_guesses_so_often_and_no_more(self, client, chevrier):
        statuses = [type_in(client, "000000", f"{n}@example.org").status_code for n in range(21)]
        assert statuses == [400] * 20 + [429]

    def test_of_another_mailbox_is_wrong(self, client, chevrier):
        owner("boulanger@example.org")
        ask(client)
        assert type_in(client, digits(), "boulanger@example.org").status_code == 400

    def test_is_kept_nowhere(self, client, chevrier):
        ask(client)
        kept = str(SignInCode.objects.values().get())
        assert digits() not in kept
        assert EMAIL not in kept

    def test_what_is_badly_typed_stays_in_the_form(self, client, chevrier):
        page = type_in(client, "12345")
        assert page.status_code == 400
        assert "Ce sont six chiffres" in page.content.decode()
        assert f'value="{EMAIL}"' in page.content.decode()


class TestProof:
    """The way in of an address that has no account yet."""

    def send(self, email: str = STRANGER) -> bool:
        return sign_in.send_proof(RequestFactory().get("/"), email, "/inscription/suite/")

    def test_makes_the_account_when_the_link_is_used(self, client, db):
        assert self.send("Inconnu@Example.org ")
        assert mail.outbox[-1].to == [STRANGER]
        assert client.get(link()).status_code == 200
        assert account_of(STRANGER) is None
        assert client.post(link()).url == "/inscription/suite/"
        made = account_of(STRANGER)
        assert made.email == STRANGER
        assert not made.has_usable_password()
        assert client.session["_auth_user_id"] == str(made.pk)

    def test_or_the_code(self, client, db):
        self.send()
        assert type_in(client, digits(), STRANGER).url == "/inscription/suite/"
        assert account_of(STRANGER) is not None

    def test_serves_once_and_half_an_hour(self, client, db, monkeypatch):
        self.send()
        Client().post(link())
        assert client.get(link()).status_code == client.post(link()).status_code == 404
        self.send("autre@example.org")
        now = time.time()
        monkeypatch.setattr("django.core.signing.time.time", lambda: now + 31 * 60)
        assert client.post(link()).status_code == 404
        assert account_of("autre@example.org") is None

    def test_signs_an_owner_in(self, client, chevrier):
        self.send(EMAIL)
        client.post(link())
        assert client.session["_auth_user_id"] == str(chevrier.pk)

    def test_waits_like_every_other_e_mail(self, db):
        assert [self.send() for _ in range(4)] == [True, True, True, False]

    def test_an_agent_is_sent_to_its_own_door(self, db):
        official("odile@example.org", "41")
        self.send("odile@example.org")
        assert link().startswith("/agents/connexion/")


def test_one_account_for_one_mailbox(db):
    made = make_account(" Chevrier@Example.org")
    assert make_account(EMAIL) == made
    assert User.objects.count() == 1


@pytest.mark.parametrize("known", [True, False])
def test_of_two_who_follow_a_link_at_once_one_comes_in(db, monkeypatch, known):
    if known:
        owner(EMAIL)
    token = links.token_of(EMAIL)
    found = links.reader(token)
    monkeypatch.setattr(links, "reader", lambda token: found)
    assert links.use(token) == account_of(EMAIL)
    assert links.use(token) is None


def test_signing_out_leads_an_owner_to_the_search(client, chevrier):
    client.force_login(chevrier, backend=sign_in.BACKEND)
    assert client.post("/agents/deconnexion/").url == "/"
    assert not signed_in(client)
