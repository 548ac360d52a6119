"""The home of a chamber's agents: twenty to a page, what waits for them first, then the newest."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from directory.models import AssistedEntry, ChamberUpload, Merchant
from tests.maps.chambers.conftest import HOME

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(db) -> None:
    """Twenty-five merchants and lists, the first the oldest; corrections wait for the second and the fourth."""
    now = timezone.now()
    for number in range(25):
        at = now - timedelta(hours=25 - number)
        merchant = Merchant.objects.create(name=f"Ferme {number:02}")
        entry = AssistedEntry.objects.create(merchant=merchant, chamber="trades", form=uuid.uuid4())
        correction = {1: "zzz", 3: "aaa"}.get(number, "")
        AssistedEntry.objects.filter(pk=entry.pk).update(at=at, correction=correction)
        upload = ChamberUpload.objects.create(chamber="trades", name=f"liste-{number:02}.csv", state="dropped")
        ChamberUpload.objects.filter(pk=upload.pk).update(at=at)


def shown(client, query: str = "") -> tuple[list[int], list[int], list[str]]:
    page = client.get(f"{HOME}{query}").content.decode()
    farms, lists = re.findall(r">Ferme (\d+)<", page), re.findall(r">liste-(\d+).csv<", page)
    links = re.findall(r'rel="(?:prev|next)" href="([^"#]+)', page)
    return [*map(int, farms)], [*map(int, lists)], [link.replace("&amp;", "&") for link in links]


def test_corrections_come_first_then_the_newest(trades, made):
    farms, lists, links = shown(trades)
    assert farms == [3, 1, *range(24, 6, -1)]
    assert lists == [*range(24, 4, -1)]
    assert links == ["?saisies=2", "?listes=2"]


def test_each_list_turns_its_own_pages(trades, made):
    farms, lists, links = shown(trades, "?saisies=2")
    assert farms == [6, 5, 4, 2, 0]
    assert lists == [*range(24, 4, -1)]
    assert links == ["?saisies=1", "?saisies=2&listes=2"]


@pytest.mark.parametrize("query", ["?saisies=x", "?saisies=-1&listes=", "?saisies=999"])
def test_a_page_that_is_none_is_another(trades, made, query):
    assert shown(trades, query)[0]
