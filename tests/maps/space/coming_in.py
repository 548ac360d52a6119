"""How tests of signing in ask for the e-mail, and use what it says."""

from __future__ import annotations

import re

from django.core import mail
from django.test import Client

DOOR, SENT = "/connexion/", "/connexion/envoye/"
EMAIL = "chevrier@example.org"
STRANGER = "inconnu@example.org"


def ask(client: Client, email: str = EMAIL, next_: str = ""):  # type: ignore[no-untyped-def]
    return client.post(DOOR, {"email": email, "next": next_})


def link() -> str:
    """Where the last e-mail leads."""
    return re.search(r"http://testserver(/\S+)", mail.outbox[-1].body)[1]


def digits() -> str:
    return re.search(r"^\d{6}$", mail.outbox[-1].body, re.MULTILINE)[0]


def type_in(client: Client, code: str, email: str = EMAIL):  # type: ignore[no-untyped-def]
    return client.post(SENT, {"email": email, "code": code})


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session
