"""What a merchant is told of its entry: by a letter, by e-mail, and on the page that the link of both opens."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from directory.chambers import consent
from directory.chambers.access import Chamber, chambers
from directory.models import AssistedEntry, Consent, PointOfSale
from directory.vocabulary import vocabulary
from maps import mailing, wording
from maps.desk.common import name_of

VALID = timedelta(days=60)
SIGNER = TimestampSigner(salt="maps.chambers.takeover", sep=".")
Audience = Consent.Audience
# Who may read a contact on the letter and on the page of its link, which the chamber's agents see too.
READERS = {Audience.PUBLIC.value, Audience.CHAMBER.value}


def link_to(request: HttpRequest, entry: AssistedEntry) -> str:
    """The address by which whoever has it corrects, takes over or withdraws the entry, for VALID; in French."""
    with override("fr"):
        return request.build_absolute_uri(reverse("maps:take_over", args=[SIGNER.sign(str(entry.pk))]))


def entry_of(token: str) -> AssistedEntry | None:
    """The entry that a link stands for; None for a link too old, or not of our making."""
    try:
        key = SIGNER.unsign(token, max_age=VALID)
    except BadSignature:
        return None
    return AssistedEntry.objects.select_related("merchant__owner", "by").filter(pk=int(key)).first()


def place_of(entry: AssistedEntry) -> PointOfSale:
    """The point of sale that was registered: the first of its merchant."""
    places = entry.merchant.points_of_sale.select_related("commune", "schedule", "merchant").defer("commune__contour")
    found = places.order_by("pk").first()
    assert found is not None  # both are written together, and neither is ever deleted alone
    return found


def chamber_name(kind: str) -> str:
    """What a chamber is called; one that the région no longer names, by its kind."""
    named = {chamber.kind: chamber.name for chamber in chambers()}
    return str(named.get(kind) or dict(AssistedEntry._meta.get_field("chamber").flatchoices)[kind])


def facts(entry: AssistedEntry) -> list[tuple[str, str, str]]:
    """What was registered: (what, value, who sees it). A contact that neither all nor the chamber may see is named,
    and not shown."""
    place = place_of(entry)
    said = vocabulary().labels
    language = wording.language()
    everybody = _("tout le monde") if place.status == PointOfSale.Status.PUBLISHED else _("personne : brouillon")
    commune = place.commune.name if place.commune else ""
    address = ", ".join(filter(None, [place.street, f"{place.postcode} {commune}".strip()]))
    hidden = place.pin_hidden and place.status == PointOfSale.Status.PUBLISHED
    open_facts = [
        (_("Nom"), place.display_name, everybody),
        ("SIRET", place.siret or "", everybody),
        (_("Adresse"), address, _("la commune seule") if hidden else everybody),
        (_("Activités"), ", ".join(said(place.activities.values_list("code", flat=True), language)), everybody),
        (_("Produits"), ", ".join(said(place.products.values_list("code", flat=True), language)), everybody),
        (_("Horaires"), place.schedule.text if place.schedule else "", everybody),
        (_("Site"), entry.merchant.website, everybody),
    ]
    return [fact for fact in open_facts if fact[1]] + contacts(entry)


def contacts(entry: AssistedEntry) -> list[tuple[str, str, str]]:
    agreed: dict[str, set[str]] = {}
    for row in entry.merchant.consents.filter(withdrawn_at=None):
        agreed.setdefault(row.field, set()).add(row.audience)
    lines = []
    for field in Consent.Field:
        value, audiences = getattr(entry.merchant, field), agreed.get(field, set())
        if value:
            who = ", ".join(str(one.label) for one in Audience if one in audiences) or _("personne")
            lines.append((str(field.label).capitalize(), value if audiences & READERS else _("(enregistré)"), who))
    return lines


def letter(request: HttpRequest, entry: AssistedEntry) -> dict[str, Any]:
    """All that the letter and the e-mail say."""
    return {
        "name": entry.merchant.name,
        "agent": name_of(entry.by) if entry.by else "",
        "chamber_name": chamber_name(entry.chamber),
        "on": date_format(timezone.localtime(entry.at)),
        "facts": facts(entry),
        "published": place_of(entry).status == PointOfSale.Status.PUBLISHED,
        "given_by": entry.consent_given_by,
        "means": entry.get_consent_means_display(),
        "wording": entry.wording,
        "read_aloud": read_aloud(entry.chamber) if entry.wording == consent.VERSION else [],
        "url": link_to(request, entry),
        "until": date_format(timezone.localdate() + VALID),
        "shows_demo": False,
    }


def read_aloud(kind: str) -> list[str]:
    """The words of the consent, as they are read."""
    email = settings.REGION.get("legal", {}).get("dpo_email", "")
    names = {"chamber": chamber_name(kind), "region": settings.REGION["name"], "email": email}
    return [text.format(**names) for text in consent.READ_ALOUD]


def may_write_to(entry: AssistedEntry) -> bool:
    """Whether the merchant gave the chamber an address to be written to."""
    return bool(entry.merchant.email) and "email" in entry.merchant.consents.in_force(Audience.CHAMBER)


def send_letter(request: HttpRequest, chamber: Chamber, entry: AssistedEntry) -> bool:
    """The letter by e-mail, where the merchant agreed to that; whether it left."""
    if not may_write_to(entry):
        return False
    with override("fr"):
        body = render_to_string(
            "maps/chambers/letter.txt", letter(request, entry) | {"legal": settings.REGION["legal"]}
        )
        subject = _("Votre fiche dans l'annuaire Local d'abord")
    return mailing.send(subject, body, entry.merchant.email)
