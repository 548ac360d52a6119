"""`manage.py add_chamber_agent`: an account and its chambers. The rest is add_official's."""

from __future__ import annotations

from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from directory.models import ChamberAgent

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("add_chamber_agent", *arguments, stdout=out)
    return out.getvalue()


def test_an_account_with_a_link_and_its_chambers_once():
    assert "/agents/mot-de-passe/" in run("Tom@Example.org", "--chamber", "trades", "--name", "Tom Petit")
    said = run("tom@example.org", "--chamber", "trades", "--chamber", "commerce")
    assert "1 chamber(s) added; agent of commerce, trades." in said
    assert User.objects.get().get_full_name() == "Tom Petit"
    assert ChamberAgent.objects.count() == 2


@pytest.mark.parametrize("arguments", [["nobody", "--chamber", "trades"], ["a@example.org", "--chamber", "fishery"]])
def test_what_makes_no_sense_is_refused(arguments):
    with pytest.raises(CommandError):
        run(*arguments)
    assert not User.objects.exists()
