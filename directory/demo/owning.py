"""An owner for one of the invented merchants: whoever tries the merchant's space signs in by its address, which nobody
reads but the folder that e-mails are written to."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db.models import Count

from directory.models import Merchant
from directory.owners.accounts import make_account

EMAIL = "commercant@example.org"


def write() -> None:
    """The first of those with the most points of sale is the account's."""
    invented = Merchant.objects.filter(points_of_sale__demo=True).annotate(places=Count("points_of_sale"))
    for merchant in invented.order_by("-places", "pk")[:1]:
        Merchant.objects.filter(pk=merchant.pk).update(owner=make_account(EMAIL))


def remove() -> None:
    """Unless it owns something else by now."""
    User.objects.filter(username=EMAIL, merchants=None).delete()
