"""The token of an e-mail's link: who follows it reads that mailbox. For one use, and SESAME_MAX_AGE.

An account's is django-sesame's: signing in, by whatever means, ends all of its links. An address without an account has
nothing that would change, so its token is the signed address, which is good as long as no account goes by it.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.db import transaction
from django.utils import timezone
from sesame.backends import ModelBackend
from sesame.utils import get_token

from directory.owners.accounts import account_of, make_account, may_have_account, needs_password

SCOPE = "owner"
SALT = "directory.owners.links"


@dataclass(frozen=True)
class Reader:
    """Who reads the mailbox; an account of theirs, if there is one."""

    email: str
    user: User | None


def token_of(email: str) -> str:
    """What the link to that mailbox says."""
    user = account_of(email)
    return get_token(user, SCOPE) if user else signing.dumps(email, salt=SALT)


def reader(token: str) -> Reader | None:
    """Who the link was sent to, if it is still good."""
    if ":" not in token:
        # Not through authenticate(): a link that is too old is no attempt at a password.
        user = ModelBackend().authenticate(None, token, SCOPE)
        return None if user is None or needs_password(user) else Reader(user.email or user.username, user)
    try:
        email = signing.loads(token, salt=SALT, max_age=settings.SESAME_MAX_AGE)
    except signing.BadSignature:
        return None
    return Reader(email, None) if account_of(email) is None and may_have_account(email) else None


def use(token: str) -> User | None:
    """The account of whoever was sent the link, made now where there was none. Of two at once, one gets it."""
    found = reader(token)
    if found is None:
        return None
    with transaction.atomic():
        if found.user is None:
            user = make_account(found.email)
            unused = User.objects.filter(pk=user.pk, last_login=None)
        else:
            user = found.user
            unused = User.objects.filter(pk=user.pk, last_login=user.last_login)
        return user if unused.update(last_login=timezone.now()) else None
