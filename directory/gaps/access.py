"""Who may see what of the gap. Every view of the desk comes through here; what is not theirs is not found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, QuerySet

from directory.models import Consent, GapCase, Merchant
from geo.models import Departement

# The audiences whose consent opens a contact to an official.
AUDIENCES = (Consent.Audience.DEPARTEMENT, Consent.Audience.PUBLIC)


def departements_of(user: Any) -> QuerySet[Departement]:
    """The départements whose desk the user may open: their posts'; all, for an administrator of the service."""
    if not user.is_authenticated or not user.is_active:
        return Departement.objects.none()
    if user.is_superuser:
        return Departement.objects.order_by("code")
    return Departement.objects.filter(officials__user=user).order_by("code")


def case_of(departement: Departement, case: int) -> GapCase | None:
    """A case of the département; None where it is another's, or there is none."""
    return with_contacts(GapCase.objects.filter(departement=departement, pk=case)).first()


def with_contacts(cases: QuerySet[GapCase]) -> QuerySet[GapCase]:
    """The cases with all that a line of theirs shows, in a fixed number of queries."""
    consents = Consent.objects.filter(withdrawn_at=None, audience__in=AUDIENCES)
    return cases.select_related(
        "point_of_sale__merchant", "commune", "epci", "departement", "assignee", "edition", "zone__file"
    ).defer(
        "commune__contour", "commune__centre", "epci__contour", "epci__centre", "departement__contour",
        "departement__centre", "zone__area",
    ).prefetch_related(
        "point_of_sale__activities",
        Prefetch("point_of_sale__merchant__consents", consents, to_attr="consents_to_officials"),
    )  # fmt: skip


def contact(merchant: Merchant) -> dict[str, str]:
    """Phone and e-mail as far as the merchant lets its département have them. Of a case read `with_contacts`."""
    consents: Iterable[Consent] = merchant.consents_to_officials  # type: ignore[attr-defined]
    fields = {consent.field for consent in consents}
    return {field: value for field in ("phone", "email") if field in fields and (value := getattr(merchant, field))}


def name_of(person: Any) -> str:
    """What an official is called by colleagues."""
    return str(person.get_full_name() or person.get_username())
