"""Digests that are kept are known again by later releases."""

from __future__ import annotations

from django.utils.crypto import salted_hmac

from directory.claims import codes as claim_codes
from directory.owners import codes
from directory.withdrawals import _digest


def kept(salt: str, text: str) -> str:
    return salted_hmac(salt, text, algorithm="sha256").hexdigest()


def test_they_are_what_they_were():
    assert claim_codes.digest("contact", 7, "048213") == kept("directory.claims.contact", "7\n048213")
    assert codes._mailbox(" A@example.org") == kept("directory.owners.codes.mailbox", "a@example.org")
    assert codes._digest("mailbox", "048213") == kept("directory.owners.codes.code", "mailbox:048213")
    assert _digest("name", "le fournil", "41269") == kept("directory.withdrawals.name", "le fournil\n41269")


def test_one_leaves_nothing_in_the_next():
    assert [claim_codes.digest("letter", "A") for _ in range(2)] == [kept("directory.claims.letter", "A")] * 2
