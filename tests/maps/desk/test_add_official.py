"""`manage.py add_official`: an account, its posts, a link that leads in once."""

from __future__ import annotations

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.core.management import CommandError, call_command
from django.utils import timezone

from directory.models import Official
from maps.management import accounts

pytestmark = pytest.mark.django_db
PASSWORD = "un mot de passe de test"


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("add_official", *arguments, stdout=out)
    return out.getvalue()


def link(said: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/agents/\S+)", said)
    assert found
    return found[1]


def test_the_link_leads_to_a_password_and_to_the_desk(client):
    said = run("Odile@Example.org", "--departement", "41", "--departement", "18", "--name", "Odile Martin")
    user = User.objects.get()
    assert (user.username, user.get_full_name(), user.has_usable_password()) == (
        "odile@example.org",
        "Odile Martin",
        False,
    )
    form = client.get(link(said), follow=True).redirect_chain[-1][0]
    assert client.post(form, {"new_password1": PASSWORD, "new_password2": PASSWORD}).url == "/agents/"
    page = client.get("/agents/").content.decode()
    assert "/agents/departement/41/" in page
    assert "/agents/departement/18/" in page


def test_the_link_is_valid_for_three_days(client, monkeypatch):
    path = link(run("odile@example.org", "--departement", "41"))
    later = timezone.make_naive(timezone.now()) + timedelta(days=3, minutes=1)
    monkeypatch.setattr(default_token_generator, "_now", lambda: later)
    assert "plus de trois jours" in client.get(path).content.decode()


def test_again_changes_nothing_and_more_is_added():
    run("odile@example.org", "--departement", "41", "--name", "Odile Martin")
    assert "0 post(s) added; official of 41." in run("odile@example.org", "--departement", "41")
    assert "1 post(s) added; official of 18, 41." in run("ODILE@example.org", "--departement", "18")
    assert User.objects.get().get_full_name() == "Odile Martin"
    assert Official.objects.count() == 2


def test_one_who_has_a_password_keeps_it_and_gets_no_link():
    User.objects.create_user("odile@example.org", password=PASSWORD)
    assert "http" not in run("odile@example.org", "--departement", "41")
    assert User.objects.get().check_password(PASSWORD)


@pytest.mark.parametrize(
    "arguments", [["nobody", "--departement", "41"], ["a@example.org", "--departement", "99"], ["a@example.org"]]
)
def test_what_makes_no_sense_is_refused_and_nothing_is_written(arguments):
    with pytest.raises(CommandError):
        run(*arguments)
    assert not User.objects.exists()


def test_a_password_may_be_asked_for(monkeypatch):
    monkeypatch.setattr(accounts, "getpass", lambda prompt: PASSWORD)
    assert "http" not in run("odile@example.org", "--departement", "41", "--password")
    assert User.objects.get().check_password(PASSWORD)


@pytest.mark.parametrize("typed", [["court"] * 2, [PASSWORD, "autre"]])
def test_a_weak_or_mistyped_one_is_refused(monkeypatch, typed):
    answers = iter(typed)
    monkeypatch.setattr(accounts, "getpass", lambda prompt: next(answers))
    with pytest.raises(CommandError):
        run("odile@example.org", "--departement", "41", "--password")
    assert not User.objects.exists()
