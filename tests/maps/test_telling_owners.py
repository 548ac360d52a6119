"""The e-mail that tells an owner what others did."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core import mail
from django.utils import timezone

from directory.models import OwnerNotice, PointOfSale
from directory.moderating.gathering import gather
from directory.moderating.notices import tell
from maps import mailing, telling_owners
from tests.builders import owned_place, point_of_sale

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def place() -> PointOfSale:
    return owned_place(name="Chèvrerie du Loir")


def changed_by_an_agent(place: PointOfSale) -> None:
    place.street, place.siret = "3 rue Neuve", "73282932000074"
    place._history_user = User.objects.create_user("anne", is_staff=True)
    place.save()
    gather()


def test_it_says_what_who_and_where_to_look(place):
    changed_by_an_agent(place)
    assert telling_owners.send() == 1
    [message] = mail.outbox
    assert message.to == ["chevrier@example.org"]
    assert "« Chèvrerie du Loir » : un agent de la Région a changé : SIRET, adresse" in message.body
    assert f"{settings.SITE_URL}/mon-commerce/{place.pk}/epingle/adresse/" in message.body
    assert "3 rue Neuve" not in message.body, "nothing of the entry itself leaves by e-mail"


def test_a_claim_leads_to_where_it_is_answered(place):
    tell(place.merchant, "claimed", place=place.pk, claim=7)
    telling_owners.send()
    assert f"{settings.SITE_URL}/revendication/7/reponse/" in mail.outbox[0].body


def test_one_an_hour_and_nothing_twice(place):
    now = timezone.now()
    tell(place.merchant, "claimed", place=place.pk)
    assert telling_owners.send(now) == 1
    assert telling_owners.send(now + HOUR * 2) == 0
    tell(place.merchant, "hidden", place=place.pk, why="l'adresse ?")
    assert telling_owners.send(now + HOUR / 2) == 0
    assert telling_owners.send(now + HOUR * 1.01) == 1
    assert "a masqué « Chèvrerie du Loir », et vous demande : l'adresse ?" in mail.outbox[-1].body
    assert len(mail.outbox) == 2


def test_several_entries_are_told_together_and_owners_apart(place):
    other = owned_place(name="Sa boutique")
    third = owned_place("autre@example.org", name="Fournil")
    for one in (place, other, third):
        tell(one.merchant, "claimed", place=one.pk)
    assert telling_owners.send() == 2
    bodies = {message.to[0]: message.body for message in mail.outbox}
    assert "Chèvrerie" in bodies["chevrier@example.org"]
    assert "boutique" in bodies["chevrier@example.org"]
    assert "Fournil" not in bodies["chevrier@example.org"]


def test_a_server_that_is_away_is_tried_again(place, monkeypatch):
    tell(place.merchant, "claimed", place=place.pk)
    monkeypatch.setattr(mailing, "send", lambda *message: False)
    assert telling_owners.send() == 0
    assert OwnerNotice.objects.get().told_at is None
    monkeypatch.undo()
    assert telling_owners.send() == 1


def test_nobody_is_told_of_what_nobody_owns(place):
    tell(point_of_sale("Sans titulaire").merchant, "claimed")
    assert not OwnerNotice.objects.exists()
    tell(place.merchant, "claimed", place=place.pk)
    User.objects.update(is_active=False)
    assert telling_owners.send() == 0


def test_a_long_list_is_cut_and_says_so(place):
    for _ in range(telling_owners.MOST + 2):
        tell(place.merchant, "claimed", place=place.pk)
    telling_owners.send()
    assert "Et 2 autres changements." in mail.outbox[0].body


def test_every_code_that_is_told_has_its_sentence():
    told: set[str] = set()
    for app in ("directory", "maps"):
        for file in (settings.BASE_DIR / app).rglob("*.py"):
            told |= set(re.findall(r"\btell\([\w.]+, \"(\w+)\"", file.read_text("utf-8")))
    assert {"merged", "label_expired", "claimed"} <= told
    assert told <= telling_owners.SENTENCES.keys()
