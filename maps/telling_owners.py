"""The e-mail in which an owner reads what others changed in its entries, and what was decided of them.

At most one an hour, whatever happens; what could not be sent is sent with the next.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Exists, OuterRef, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from directory.models import Merchant, MerchantLabel, Offer, OwnerNotice, Photo, PointOfSale, Report
from directory.vocabulary import vocabulary
from maps import mailing

APART = timedelta(hours=1)
# Lines of one e-mail; how many more there are is said.
MOST = 30
MODELS: dict[str, Any] = {
    str(model._meta.model_name): model for model in (Merchant, PointOfSale, MerchantLabel, Offer, Photo)
}
# Where the owner looks at what changed, and takes it back.
PAGES = {
    "pin": "pin", "street": "own_address", "postcode": "own_address", "commune": "own_address",
    "schedule": "own_hours", "services": "own_services", "service_radius_km": "own_reach",
    "service_communes": "own_reach", "offer": "own_offers", "photo": "own_photos",
}  # fmt: skip


def send(now: datetime | None = None) -> int:
    """Tell the owners what they were not told; how many e-mails left."""
    moment = now or timezone.now()
    waiting = OwnerNotice.objects.filter(told_at=None, merchant__owner__is_active=True).exclude(
        merchant__owner__email=""
    )
    waiting = waiting.select_related("merchant__owner").order_by("merchant__owner", "at", "pk")
    lately = OwnerNotice.objects.filter(merchant__owner=OuterRef("merchant__owner"), told_at__gt=moment - APART)
    sent = 0
    for owner, notices in groupby(waiting.exclude(Exists(lately)), key=lambda notice: notice.merchant.owner):
        sent += _told(owner, list(notices), moment)
    return sent


def _told(owner: Any, notices: Sequence[OwnerNotice], moment: datetime) -> bool:
    with override("fr"):
        names = _names(notices)
        lines = [line for notice in notices if (line := said(notice.what, names))]
        facts = {"lines": lines[:MOST], "more": max(0, len(lines) - MOST), "url": _url("space")}
        body = render_to_string("maps/notices/told.txt", facts)
        subject = ngettext("Votre fiche a changé", "Vos fiches ont changé", len({n.merchant_id for n in notices}))
    done = not lines or mailing.send(subject, body, owner.email)
    if done:
        OwnerNotice.objects.filter(pk__in=[notice.pk for notice in notices]).update(told_at=moment)
    return done and bool(lines)


def _names(notices: Sequence[OwnerNotice]) -> dict[int | None, str]:
    ids = [notice.what.get("place") for notice in notices]
    places: QuerySet[PointOfSale] = PointOfSale.objects.filter(pk__in=[id_ for id_ in ids if id_])
    return {place.pk: place.display_name for place in places.select_related("merchant")}


def said(what: dict[str, Any], names: dict[int | None, str]) -> dict[str, str] | None:
    """A notice in words, and where to look; None for one whose words this release does not know."""
    sentence = SENTENCES.get(what["code"])
    if sentence is None:
        return None
    name = names.get(what.get("place"), what.get("name", ""))
    where = f"« {name} » : " if name and what["code"] == "changed" else ""
    return {"text": capfirst(where + sentence({**what, "title": name})), "url": _look(what)}


def _look(what: dict[str, Any]) -> str:
    place = what.get("place")
    if claim := what.get("claim"):
        return _url("answer_claim", claim)
    if not place:
        return _url("space")
    named = [PAGES[name] for name in (*what.get("fields", ()), what.get("model", "")) if name in PAGES]
    return _url(named[0] if named else "own_place", place)


def _url(page: str, *args: Any) -> str:
    return settings.SITE_URL + reverse(f"maps:{page}", args=args)


def _changed(what: dict[str, Any]) -> str:
    """ "un agent de la Région a changé : adresse, horaires (12 mars)" """
    who = {
        "agent": _("un agent de la Région"),
        "chamber": _("un agent d'une chambre consulaire"),
        "import": _("une nouvelle livraison de la source « {source} »").format(source=what.get("source", "")),
        "service": _("le service, de lui-même,"),
    }.get(what["by"], _("quelqu'un d'autre"))
    model = MODELS[what["model"]]
    fields = ", ".join(_title(model, name) for name in what["fields"])
    lines = str(model._meta.verbose_name)
    parts = [
        *([_("a changé : {fields}").format(fields=fields)] if fields else []),
        *([_("a ajouté : {what} ({count})").format(what=lines, count=what["added"])] if what["added"] else []),
        *([_("a retiré : {what} ({count})").format(what=lines, count=what["removed"])] if what["removed"] else []),
    ]
    on = date_format(timezone.localtime(datetime.fromisoformat(what["on"])), "j F")
    return f"{who} {' ; '.join(parts)} ({on})."


def _title(model: Any, field: str) -> str:
    try:
        return str(model._meta.get_field(field).verbose_name)
    except FieldDoesNotExist:  # of an earlier release
        return field


def _label(what: dict[str, Any]) -> str:
    term = vocabulary().by_code.get(what["label"])
    return term.label("fr") if term else what["label"]


def _reported(what: dict[str, Any]) -> str:
    kind = dict(Report.Kind.choices).get(what["kind"], what["kind"])
    text = f" « {what['text']} »" if what.get("text") else ""
    said = _("une personne signale une erreur sur « {title} » : {kind}.{text}")
    return said.format(title=what["title"], kind=kind, text=text)


SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {
    "changed": _changed,
    "reported": _reported,
    "claimed": lambda what: _("quelqu'un dit que « {title} » est à lui. Un agent va en décider.").format(**what),
    "found_anew": lambda what: _(
        "la nouvelle adresse de « {title} » est trouvée : dites quelle épingle garder."
    ).format(**what),
    "hidden": lambda what: _("un agent de la Région a masqué « {title} », et vous demande : {why}").format(**what),
    "merged": lambda what: _("« {name} » a été réuni à « {title} » : c'était le même lieu.").format(**what),
    "unmerged": lambda what: _("« {name} » et « {title} » sont de nouveau deux fiches.").format(**what),
    "label_refused": lambda what: _("le label « {label} » a été retiré, faute de preuve.").format(label=_label(what)),
    "label_expired": lambda what: _(
        "la vérification du label « {label} » est échue : il est de nouveau « déclaré »."
    ).format(label=_label(what)),
}
