"""What nobody learns at the door, or gets by asking often: who is known, by word, time or cookie."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.models import ChamberAgent, SignInCode
from directory.owners import codes
from maps.space import sign_in
from tests.builders import owner
from tests.maps.desk.conftest import official
from tests.maps.space.coming_in import DOOR, EMAIL, SENT, STRANGER, ask, digits, link, type_in

pytestmark = pytest.mark.django_db


class TestWhatNobodyLearns:
    @pytest.fixture
    def made(self, monkeypatch) -> list[str]:
        """The digits that were made, sent or not."""
        made: list[str] = []
        give = codes.give
        monkeypatch.setattr(codes, "give", lambda *args, **kwargs: made.append(give(*args, **kwargs)) or made[-1])
        return made

    def test_every_address_takes_as_many_queries(self, client, chevrier):
        queries = []
        for email in (EMAIL, STRANGER):
            with CaptureQueriesContext(connection) as asked:
                ask(client, email)
            queries.append([re.sub(r"'.*|SAVEPOINT.*|WHERE.*|VALUES.*", "", query["sql"]) for query in asked])
        assert queries[0] == queries[1]

    def test_every_address_gets_the_same_answer_and_one_e_mail(self, client, chevrier):
        User.objects.create(username="ferme@example.org", email="ferme@example.org", is_active=False)
        official("odile@example.org", "41")
        pages = set()
        for number, email in enumerate((EMAIL, STRANGER, "ferme@example.org", "odile@example.org"), 1):
            visitor = Client()
            response = ask(visitor, email)
            page = visitor.get(response.url).content.decode()
            page = re.sub(r'value="[^"]+"', "", page).replace(email, "…")
            pages.add((response.status_code, response.url, page))
            assert len(mail.outbox) == number
            assert mail.outbox[-1].to == [email]
        assert len(pages) == 1

    @pytest.mark.parametrize("closed", [True, False])
    def test_who_owns_nothing_is_sent_no_way_in(self, client, db, closed, made):
        if closed:
            User.objects.create(username=STRANGER, email=STRANGER, is_active=False)
        ask(client, STRANGER)
        assert "/inscription/" in link()
        assert not re.search(r"\d{6}", mail.outbox[-1].body)
        assert type_in(client, made[-1], STRANGER).status_code == 400

    def test_agents_keep_their_passwords(self, client, db, made):
        official("odile@example.org", "41")
        User.objects.create(username="admin@example.org", email="admin@example.org", is_staff=True)
        ChamberAgent.objects.create(user=owner("tom@example.org"), chamber="trades")
        for email in ("odile@example.org", "admin@example.org", "tom@example.org"):
            ask(client, email, "/agents/departement/41/")
            assert link() == "/agents/connexion/?next=%2Fagents%2Fdepartement%2F41%2F"
            assert not re.search(r"\d{6}", mail.outbox[-1].body)
            assert type_in(client, made[-1], email).status_code == 400

    @pytest.mark.parametrize("email", [EMAIL, STRANGER])
    def test_a_mailbox_is_sent_three_then_waits(self, client, chevrier, email):
        answers = [ask(client, email) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
        assert "attendez un quart d'heure" in answers[-1].content.decode().replace("&#x27;", "'")
        assert len(mail.outbox) == 3
        SignInCode.objects.update(made_at=timezone.now() - timedelta(minutes=16))
        assert ask(client, email).status_code == 302

    def test_a_mailbox_is_sent_twelve_a_day(self, client, chevrier):
        for _ in range(12):
            ask(client)
            SignInCode.objects.update(made_at=timezone.now() - timedelta(minutes=16))
            sign_in.asking.clear()
        assert ask(client).status_code == 429
        SignInCode.objects.update(made_at=timezone.now() - timedelta(hours=25))
        assert ask(client).status_code == 302

    def test_a_client_asks_for_ten(self, client, chevrier):
        assert [ask(client, f"{n}@example.org").status_code for n in range(11)] == [302] * 10 + [429]
        assert ask(Client(REMOTE_ADDR="192.0.2.7"), "autre@example.org").status_code == 302

    def test_a_letter_that_looks_like_another_is_somebody_else_s_mailbox(self, client, db):
        owner("michel@example.org")
        ask(client, "mıchel@example.org")
        assert "/inscription/" in link()


class TestCookies:
    def test_none_before_the_form_and_no_session_before_signing_in(self, client, chevrier):
        assert set(client.get(DOOR).cookies) == {"csrftoken"}
        answer = ask(client)
        assert set(answer.cookies) == {"asked"}
        assert answer.cookies["asked"]["path"] == SENT
        assert answer.cookies["asked"]["httponly"]
        assert f'value="{EMAIL}"' in client.get(SENT).content.decode()
        done = type_in(client, digits())
        assert "sessionid" in done.cookies
        assert done.cookies["asked"].value == ""

    def test_another_device_is_asked_for_the_address(self, client):
        page = client.get(SENT).content.decode()
        assert "autre appareil" in page
        assert "@" not in re.search(r'<input type="email".*?>', page, re.DOTALL)[0]


class TestTheServerIsAway:
    def test_says_so_and_the_next_try_counts_anew(self, client, chevrier, monkeypatch):
        monkeypatch.setattr("maps.mailing.send", lambda *args: False)
        answer = ask(client)
        assert answer.status_code == 503
        assert "pas parti" in answer.content.decode()
        assert SignInCode.objects.count() == 0
