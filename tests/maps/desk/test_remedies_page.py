"""The remedies that a département keeps: added, changed, put in order, deleted, and all of it remembered."""

from __future__ import annotations

import pytest

from directory.models import Remedy
from tests.maps.desk.test_worklist_page import text

pytestmark = pytest.mark.django_db
REMEDIES = "/agents/departement/41/aides/"


def remedy(title: str, order: int = 0) -> Remedy:
    return Remedy.objects.create(departement_id="41", kind="other", title=title, order=order)


def titles() -> list[str]:
    return list(Remedy.objects.filter(departement="41").values_list("title", flat=True))


def test_one_is_added_at_the_end(desk, odile):
    remedy("Première")
    given = {"kind": "contact", "title": "<b>Mission</b>", "phone": "02 54 00 00 00", "url": "example.org"}
    assert desk.post(REMEDIES, given).url == REMEDIES
    assert titles() == ["Première", "<b>Mission</b>"]
    page = desk.get(REMEDIES)
    assert "Aide ajoutée" in text(page)
    assert "&lt;b&gt;Mission" in page.content.decode()
    assert "https://example.org" in page.content.decode()
    assert "Odile a ajouté : <b>Mission</b>" in text(page)


@pytest.mark.parametrize(
    "given", [{}, {"kind": "x", "title": "t"}, {"kind": "other", "title": "t", "url": "javascript:x"}]
)
def test_what_makes_no_sense_is_refused(desk, given):
    assert desk.post(REMEDIES, given).status_code == 400
    assert titles() == []


def test_one_is_changed(desk):
    one = remedy("Avant")
    assert "Avant" in desk.get(f"{REMEDIES}{one.pk}/").content.decode()
    assert desk.post(f"{REMEDIES}{one.pk}/", {"kind": "other", "title": "Après"}).url == REMEDIES
    assert titles() == ["Après"]


def test_one_is_moved_up(desk):
    _first, _second, third = remedy("a", 0), remedy("b", 0), remedy("c", 5)
    desk.post(f"{REMEDIES}{third.pk}/monter/")
    assert titles() == ["a", "c", "b"]
    desk.post(f"{REMEDIES}{third.pk}/monter/")
    desk.post(f"{REMEDIES}{third.pk}/monter/")
    assert titles() == ["c", "a", "b"]


def test_one_is_deleted_and_remembered(desk, odile):
    one = remedy("Ancienne")
    assert desk.get(f"{REMEDIES}{one.pk}/supprimer/").status_code == 405
    assert desk.post(f"{REMEDIES}{one.pk}/supprimer/").url == REMEDIES
    assert titles() == []
    assert Remedy.history.first().history_user == odile
    assert "Odile a supprimé : Ancienne" in text(desk.get(REMEDIES))
