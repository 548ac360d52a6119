"""The e-mails by which an owner signs in: a link, and six digits for another device.

Whatever the address, one e-mail leaves, so that neither the answer nor its time tells whose addresses we know. To an
address that is no owner's it says so, and where to register: who has two mailboxes would wait for ever otherwise.
Nobody can flood a stranger with it: a mailbox is sent few (`codes.MOST`), a client asks for few.
"""

from __future__ import annotations

from typing import Any

from django.contrib import auth
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import override

from directory.models import SignInCode
from directory.owners import codes, links
from directory.owners.accounts import account_of, cleaned, may_have_account, needs_password
from directory.owners.codes import TooMany as TooMany
from directory.ratelimit import RateLimiter
from directory.visitors import client_address
from maps import mailing

BACKEND = "django.contrib.auth.backends.ModelBackend"
LONGEST_PATH = SignInCode._meta.get_field("next").max_length or 0
# For each client address. Made before the workers part.
asking = RateLimiter(rate=10 / 900, burst=10)
guessing = RateLimiter(rate=20 / 3600, burst=20)


class NotSent(Exception):  # noqa: N818 - named for what happened
    """The mail server is away."""


def send_link(request: HttpRequest, email: str, next_path: str = "") -> None:
    """Send what that address may have: the way in, if it is an owner's, which leads on to `next_path`.

    Raises TooMany, NotSent.
    """
    _send(request, email, next_path, new_too=False)


def send_proof(request: HttpRequest, email: str, next_path: str = "") -> bool:
    """Send the way in to an address that may have no account yet: it is made when the link or the code is used.

    To that of a closed account, which gets no other, leaves what a stranger is sent. Whether it left; a mailbox or a
    client that was sent enough waits.
    """
    try:
        _send(request, email, next_path, new_too=may_have_account(email))
    except (TooMany, NotSent):
        return False
    return True


def enter(request: HttpRequest, user: Any) -> None:
    """Open a session for whoever proved its mailbox; no other link or code of it is good any more."""
    auth.login(request, user, backend=BACKEND)
    codes.end(user.email or user.username)


def own_path(request: HttpRequest, path: str) -> str:
    """The path, if it is one of this site; else nothing."""
    ours = path.startswith("/") and path.isprintable() and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if ours and len(path) <= LONGEST_PATH else ""


def with_next(path: str, next_path: str) -> str:
    return f"{path}?{urlencode({'next': next_path})}" if next_path else path


def _send(request: HttpRequest, email: str, next_path: str, new_too: bool) -> None:
    if asking.wait_for(client_address(request)):
        raise TooMany
    email, next_path = cleaned(email), own_path(request, next_path)
    asked = codes.ask(email, next_path)
    user = account_of(email)
    # All that takes time is done for every address: 6 ms of queries would tell whom we know.
    by_password, token = needs_password(user or User(pk=0)), links.token_of(email)
    code = codes.give(asked, good=not by_password and (user is not None or new_too))
    with override("fr"):
        if by_password:
            name, page = "by_password", reverse("maps:sign_in")
        elif user is not None or new_too:
            name, page = "way_in", reverse("maps:sign_in_link", args=[token])
        else:
            name, page, next_path = "no_entry", reverse("maps:register"), ""
        told = {
            "url": request.build_absolute_uri(with_next(page, next_path)),
            "site": request.build_absolute_uri(reverse("maps:search")),
            "code": code,
        }
        body = render_to_string(f"maps/space/{name}.txt", told)
        if not mailing.send(_("Votre connexion à Local d'abord"), body, email):
            asked.delete()
            raise NotSent
