"""Agents of two chambers, a list of two farms, and what a form for a merchant sends."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from directory.models import AssistedEntry, ChamberAgent, ChamberUpload
from tests.maps.admin_desk import SIRETS, log_in

HOME = "/agents/chambre/trades/"
LIST, ENTRY = f"{HOME}liste/", f"{HOME}saisie/"
CSV = """nom;activites;produits;commune;siret;telephone;identifiant
Ferme des Prés;goat_farm;goat_cheese;Vendôme;;02 54 00 00 01;1
Boulangerie du Loir;bakery;bread;Vendôme;;;2
Perdue;bakery;;Atlantis;;;3
""".encode()


def agent(name: str, *chambers: str, **fields: Any) -> User:
    user = User.objects.create_user(name, first_name=name.title(), **fields)
    ChamberAgent.objects.bulk_create(ChamberAgent(user=user, chamber=chamber) for chamber in chambers)
    return user


def upload(client: Client, content: bytes = CSV, name: str = "liste.csv", home: str = HOME) -> Any:
    return client.post(f"{home}liste/", {"file": SimpleUploadedFile(name, content)})


def waiting(client: Client, content: bytes = CSV, home: str = HOME) -> tuple[ChamberUpload, str]:
    """A list that was looked at: it, and the fingerprint that its page sends."""
    response = upload(client, content, home=home)
    assert response.status_code == 302, response.content.decode()
    page = client.get(response.url).content.decode()
    found = re.search(r'name="seen" value="(\w+)"', page)
    return ChamberUpload.objects.latest("pk"), found[1] if found else ""


def filled(**changes: Any) -> dict[str, Any]:
    """A form as an agent sends it, with every consent that makes an entry public and reachable."""
    return {
        "form": str(uuid.uuid4()),
        "name": "Fromagerie du Loir",
        "siret": SIRETS[0],
        "street": "12 rue du Change",
        "commune": "Vendôme",
        "activity_1": "cheese_dairy",
        "activity_2": "",
        "activity_3": "",
        "kind": "",
        "products": "fromage de chèvre, miel",
        "hours": "Mo-Fr 09:00-12:30",
        "website": "",
        "phone": "02 54 00 00 02",
        "email": "claire@fromagerie.example",
        "published": "on",
        "phone_for": ["public", "chamber"],
        "email_for": ["chamber"],
        "given_by": "Claire Morin, gérante",
        "means": "phone",
    } | changes


def registered(client: Client, **changes: Any) -> AssistedEntry:
    response = client.post(ENTRY, filled(**changes))
    assert response.status_code == 302, response.content.decode()
    return AssistedEntry.objects.latest("pk")


@pytest.fixture(autouse=True)
def _no_look_ups(settings):
    settings.GEOCODER = settings.GEOCODER | {"domain": ""}


@pytest.fixture
def tom(db) -> User:
    return agent("tom", "trades")


@pytest.fixture
def trades(tom) -> Client:
    """Tom of the chamber of trades at his desk."""
    return log_in(tom)


@pytest.fixture
def farmers(db) -> Client:
    """Agathe of the chamber of agriculture."""
    return log_in(agent("agathe", "agriculture"))
