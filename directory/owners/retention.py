"""What was kept for a purpose that is served: forgotten each day. The page on personal data says these times."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils import timezone

from directory.models import Claim, OwnerNotice, Registration, Report
from directory.owners import erasing
from directory.registering.drafts import KEPT as REGISTRATIONS

# An account that owns nothing, since it was last used.
ACCOUNTS = timedelta(days=30)
# Who signed in, or tried to, from where: to see an attack when it is over.
ACCESS = timedelta(days=180)
# What was reported and claimed, once decided, and what an owner was told.
DECIDED = timedelta(days=365)
# E-mails, where they are files because no server sends them: addresses, links and codes.
EMAILS = timedelta(days=7)


def forget(now: datetime | None = None) -> int:
    """Delete what is past its time; how many rows."""
    now = now or timezone.now()
    gone = Registration.objects.filter(updated_at__lt=now - REGISTRATIONS).delete()[0]
    gone += _decided(now - DECIDED)
    gone += OwnerNotice.objects.filter(told_at__lt=now - DECIDED).delete()[0]
    for log in (AccessAttempt, AccessFailureLog, AccessLog):
        gone += log.objects.filter(attempt_time__lt=now - ACCESS).delete()[0]
    gone += Session.objects.filter(expire_date__lt=now).delete()[0]
    _emails(now - EMAILS)
    return gone + _accounts(now - ACCOUNTS)


def _emails(before: datetime) -> None:
    """Those that the backend of development wrote."""
    folder = getattr(settings, "EMAIL_FILE_PATH", None)
    if settings.EMAIL_BACKEND != "django.core.mail.backends.filebased.EmailBackend" or folder is None:
        return
    for path in Path(folder).glob("*.log"):
        if path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)


def _decided(before: datetime) -> int:
    """Reports, and claims that were refused or never proved. One that was granted stays with its entry."""
    reports = list(Report.objects.filter(handled_at__lt=before).values_list("pk", flat=True))
    past = Q(state=Claim.State.REFUSED, decided_at__lt=before) | Q(state=Claim.State.PENDING, created_at__lt=before)
    claims = list(Claim.objects.filter(past).values_list("pk", flat=True))
    Report.objects.filter(pk__in=reports).delete()
    Claim.objects.filter(pk__in=claims).delete()
    Report.history.filter(id__in=reports).delete()
    Claim.history.filter(id__in=claims).delete()
    # Who asked to be told of a report was told when it was handled.
    return len(reports) + len(claims) + Report.objects.exclude(handled_at=None).exclude(email="").update(email="")


def _accounts(before: datetime) -> int:
    """Accounts that a mailbox opened and that own nothing, or no longer."""
    idle = Q(last_login=None, date_joined__lt=before) | Q(last_login__lt=before)
    unused = User.objects.filter(idle, password__startswith=UNUSABLE_PASSWORD_PREFIX, merchants=None)
    return sum(erasing.forget_account(user) for user in unused.order_by("pk"))
