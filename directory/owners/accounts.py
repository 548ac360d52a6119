"""The accounts of owners: an address is all that one has. Agents and officials have a password, and sign in by it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from directory.models import ChamberAgent, Official

LONGEST = 150  # letters of an account's name, which is the address


def cleaned(email: str) -> str:
    """The address as accounts have it."""
    return email.strip().lower()


def account_of(email: str) -> User | None:
    """The open account of that address.

    PostgreSQL takes "ı" for an "i" in capitals; the reader of that other mailbox is somebody else.
    """
    found, name = _accounts(email).filter(is_active=True).order_by("pk"), cleaned(email)
    return next((user for user in found if name in (user.username.lower(), user.email.lower())), None)


def may_have_account(email: str) -> bool:
    """Whether an account can go by that address; that of a closed one cannot."""
    found = _accounts(email)
    return len(cleaned(email)) <= LONGEST and (not found.exists() or found.filter(is_active=True).exists())


def make_account(email: str) -> User:
    """The account of a proven address; one without a password is made where there is none."""
    name = cleaned(email)
    if user := account_of(name):
        return user
    return User.objects.get_or_create(username=name, defaults={"email": name, "password": make_password(None)})[0]


def needs_password(user: User) -> bool:
    """Whether the account opens more than its owner's entries, so that a mailbox alone may not open it."""
    return (
        user.is_staff
        or user.is_superuser
        or Official.objects.filter(user=user).exists()
        or ChamberAgent.objects.filter(user=user).exists()
    )


def may_own(user: Any) -> bool:
    """Whether whoever is signed in can own an entry: an account that opens a desk owns none."""
    return bool(user.is_authenticated and user.is_active and not needs_password(user))


def _accounts(email: str) -> QuerySet[User]:
    return User.objects.filter(Q(username=cleaned(email)) | Q(email__iexact=email.strip()))
