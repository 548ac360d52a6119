"""Six digits to sign in by on another device than the one that reads the e-mail. And how often one may ask for them.

Asking is noted for every mailbox in the same way, whether somebody signs in by it or not: neither an answer nor the
time that it takes tells the two apart.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from directory.digests import digest
from directory.models import SignInCode
from directory.owners.accounts import cleaned

GOOD_FOR = timedelta(minutes=30)
TRIES = 5
# How many e-mails a mailbox may be sent within. Whoever asks for more than its reader wants is not let go on.
MOST = ((timedelta(minutes=15), 3), (timedelta(days=1), 12))
KEPT_FOR = max(period for period, _ in MOST)


class TooMany(Exception):  # noqa: N818 - named for what happened
    """The mailbox was sent enough for now."""


@transaction.atomic
def ask(email: str, next_path: str = "") -> SignInCode:
    """Note that the mailbox asks to sign in. Raises TooMany."""
    now, mailbox = timezone.now(), _mailbox(email)
    with connection.cursor() as cursor:  # one after the other, or who asks twelve times at once is sent twelve
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [mailbox])
    asked = list(SignInCode.objects.filter(mailbox=mailbox, made_at__gt=now - KEPT_FOR).values_list("made_at"))
    for period, most in MOST:
        if sum(made_at > now - period for (made_at,) in asked) >= most:
            raise TooMany
    return SignInCode.objects.create(mailbox=mailbox, next=next_path, made_at=now)


def give(asked: SignInCode, good: bool = True) -> str:
    """The six digits for who asked. They are kept nowhere. Where they are not to be sent, none are good."""
    code = f"{secrets.randbelow(1_000_000):06d}"
    asked.digest = _digest(asked.mailbox, code if good else secrets.token_hex())
    asked.save(update_fields=["digest"])
    return code


def use(email: str, code: str) -> SignInCode | None:
    """What was asked, where the digits are those of the mailbox's last e-mail; they are used then, and no others of it
    are good any more. None for wrong, old, used and too often tried ones alike."""
    mailbox = _mailbox(email)
    newest = SignInCode.objects.filter(mailbox=mailbox).order_by("-made_at", "-pk").first()
    given = _digest(mailbox, "".join(code.split()))
    if newest is None or not newest.digest or newest.made_at <= timezone.now() - GOOD_FOR:
        return None
    fresh = SignInCode.objects.filter(pk=newest.pk, used_at=None, tries__lt=TRIES)
    if not fresh.update(tries=F("tries") + 1) or not constant_time_compare(newest.digest, given):
        return None
    return newest if SignInCode.objects.filter(pk=newest.pk, used_at=None).update(used_at=timezone.now()) else None


def end(email: str) -> None:
    """The mailbox's reader signed in: its codes are good no more."""
    SignInCode.objects.filter(mailbox=_mailbox(email), used_at=None).update(used_at=timezone.now())


def forget() -> int:
    """Delete what no limit counts any more; how many rows."""
    return SignInCode.objects.filter(made_at__lt=timezone.now() - KEPT_FOR).delete()[0]


def _mailbox(email: str) -> str:
    return digest("owners.codes.mailbox", cleaned(email))


def _digest(mailbox: str, code: str) -> str:
    return digest("owners.codes.code", f"{mailbox}:{code}")
