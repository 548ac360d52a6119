"""A merchant of whom every table says something, and where in the database words can be looked for."""

from __future__ import annotations

from typing import Any

from axes.models import AccessLog
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone

from directory.models import (
    AssistedEntry,
    CaseEvent,
    Claim,
    ConnectionReport,
    Consent,
    Duplicate,
    GapCase,
    Label,
    Letter,
    LetterBatch,
    Merchant,
    MerchantLabel,
    Merge,
    Offer,
    OwnerNotice,
    Photo,
    PinRequest,
    Platform,
    PointOfSale,
    Registration,
    Report,
    Schedule,
    Service,
    SoldOn,
    Source,
    SourceRecord,
)
from geo.models import Commune
from tests.builders import VENDOME, owned_place, point_of_sale
from tests.coverage_data import fibre

EMAIL = "zephirine@quenouille.example"
# What is only ever said of this merchant: its name, street, phone, address, own words, a report on it…
MARKS = ("quenouille", "impasse du boisseau", "02 54 19 28 37", "zephirine", "pirouettes", "94120845100018")
WORDS = ("text", "character varying", "json", "jsonb", "ARRAY", "tsvector")


def everything() -> PointOfSale:
    """A farm that somebody owns, with a line in every table that can say something of one; a case of the gap too."""
    place = owned_place(
        EMAIL,
        name="Ferme Quenouille",
        street="3 impasse du Boisseau",
        siret="94120845100018",
        pin_label="3 impasse du Boisseau, Vendôme",
    )
    merchant, user = place.merchant, place.merchant.owner
    merchant.phone, merchant.email, merchant.description_fr = "02 54 19 28 37", EMAIL, "Chez Quenouille depuis 1902"
    merchant.website = "https://quenouille.example/"
    merchant.save()
    place.schedule = Schedule.objects.create(text='Mo-Fr 09:00-12:00 "chez Zephirine"')
    place.save()
    place.services.set(Service.objects.all()[:2])
    place.service_communes.set(Commune.objects.all()[:2])
    place.save()
    _of_merchant(merchant, user)
    _of_place(place, user)
    _of_before(merchant)
    _of_others(place)
    return place


def _of_merchant(merchant: Merchant, user: User) -> None:
    Consent.objects.create(merchant=merchant, field="phone", audience="public", wording="v1")
    Consent.objects.create(merchant=merchant, field="email", audience="departement", wording="v1")
    MerchantLabel.objects.create(
        merchant=merchant, label=Label.objects.first(), state="verified", verified_by="Quenouille Certification"
    )
    platform = Platform.objects.create(slug="essai", name="Essai", operator="Essai", kind="listing", url="https://e.fr")
    SoldOn.objects.create(merchant=merchant, platform=platform, url="https://e.fr/quenouille")
    OwnerNotice.objects.create(merchant=merchant, what={"code": "changed", "name": "Ferme Quenouille"})
    Registration.objects.create(merchant=merchant, owner=user, email=EMAIL, data={"who": {"name": "Ferme Quenouille"}})
    AssistedEntry.objects.create(
        merchant=merchant, chamber="trades", form="6f1d1a5e-3c43-4a33-8f7e-3a3a3a3a3a3a",
        consent_given_by="Zephirine Quenouille", correction="appelez Zephirine",
    )  # fmt: skip
    AccessLog.objects.create(username=EMAIL, ip_address="127.0.0.1")
    session = SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session.create()
    for row in (merchant, merchant.points_of_sale.get()):
        _log(row)


def _log(row: Any) -> None:
    """A moderator's line of the admin's log, which names what was changed."""
    LogEntry.objects.create(
        user=User.objects.get_or_create(username="moderatrice")[0], content_type=ContentType.objects.get_for_model(row),
        object_id=str(row.pk), object_repr=str(row), action_flag=CHANGE, change_message="",
    )  # fmt: skip


def _of_before(merchant: Merchant) -> None:
    """A stall that a moderator deleted: only history and the log know it."""
    stall = point_of_sale("Étal Quenouille", merchant=merchant)
    Offer.objects.create(point_of_sale=stall, line="pirouettes anciennes")
    _log(stall)
    stall.delete()


def _of_place(place: PointOfSale, user: User) -> None:
    Offer.objects.create(point_of_sale=place, line="pirouettes de Zephirine", price_min="3.50", unit="bocal")
    Offer.objects.create(point_of_sale=place, line="pirouettes douces").delete()
    for text in ("Zephirine devant ses pots", "Le hangar Quenouille"):
        Photo.objects.create(
            point_of_sale=place, file=ContentFile(b"jpeg", "a.jpg"), text=text, width=10, height=10, size=4
        )
    place.photos.last().delete()
    Report.objects.create(
        point_of_sale=place, kind="hours", text="Quenouille ferme à 18 h", email="voisin@loin.example"
    )
    Claim.objects.create(point_of_sale=place, by=user, means="letter", state="granted", text="je suis Zephirine")
    batch = LetterBatch.objects.create(commune_id=VENDOME)
    Letter.objects.create(batch=batch, point_of_sale=place, code="c" * 64)
    PinRequest.objects.create(point_of_sale=place, asked_at=timezone.now(), next_at=timezone.now())
    ConnectionReport.objects.create(point_of_sale=place, by=user, fibre="yes", comment="demandez Zephirine")
    source = Source.objects.create(slug="liste", name="Liste", producer="Liste", licence="ODbL")
    SourceRecord.objects.create(
        source=source, external_id="quenouille-1", point_of_sale=place, fields={"name": "FERME QUENOUILLE"},
        row_hash="0", imported_at=timezone.now(),
    )  # fmt: skip
    fibre({VENDOME: 10})
    case = GapCase.objects.get(point_of_sale=place)
    CaseEvent.objects.create(case=case, before="to_verify", after="contacted", need="works", note="vu Zephirine")


def _of_others(place: PointOfSale) -> None:
    """A list's entry of the same farm, merged into it, and one that may be the same."""
    twin = point_of_sale("EARL QUENOUILLE", street="impasse du Boisseau")
    twin.status, twin.merged_into = "merged", place
    twin.save()
    Merge.objects.create(kept=place, merged=twin, moved={"name": "EARL QUENOUILLE"})
    other = point_of_sale("Boulangerie Denis")
    Duplicate.objects.create(first=place, second=other, score=0.5, reasons=[{"code": "name", "name": "Quenouille"}])


def said(marks: tuple[str, ...] = MARKS) -> dict[str, list[str]]:
    """Every column of words in the database that says one of the marks: what it says, by table and column."""
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables "
            "USING (table_schema, table_name) WHERE table_schema = 'public' AND table_type = 'BASE TABLE' "
            "AND (data_type = ANY(%s) OR udt_name = 'tsvector')",
            [list(WORDS)],
        )
        for table, column in cursor.fetchall():
            value = f'"{column}"::text'
            cursor.execute(
                f'SELECT {value} FROM "{table}" WHERE {value} ILIKE ANY(%s)', [[f"%{mark}%" for mark in marks]]
            )
            if rows := cursor.fetchall():
                found[f"{table}.{column}"] = [row[0] for row in rows]
    return found


def rows_of(model: Any, **condition: Any) -> int:
    return int(model.objects.filter(**condition).count())
