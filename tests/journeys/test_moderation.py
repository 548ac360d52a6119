"""A moderator's morning: the queue walked through by the keyboard, two entries merged and taken apart again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, User
from playwright.sync_api import expect

from directory.models import Duplicate, PointOfSale, Report
from maps.admin.groups import AGENTS, ensure_agent_group
from tests.builders import at, centre_of, owned_place, point_of_sale
from tests.journeys.conftest import CHROMIUM, NARROW, WIDE
from tests.journeys.entering import owning
from tests.journeys.test_accessibility import clean

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}"),
]
QUEUE = "/gestion/directory/pointofsale/a-moderer/"


@pytest.fixture
def agent(db):
    ensure_agent_group()
    user = User.objects.create_user("anne", is_staff=True)
    user.groups.add(Group.objects.get(name=AGENTS))
    return user


@pytest.fixture
def desk(browser, live_server, settings, agent):
    with owning(browser, live_server, settings, agent) as enter:
        yield enter


@pytest.fixture
def waiting(db):
    """One reported, one changed by its owner, one new, and two that may be one."""
    reported = point_of_sale("Le Fournil", activities=["bakery"], reviews=["reported"])
    Report.objects.create(point_of_sale=reported, kind="closed", text="Rideau baissé depuis mars")
    changed = owned_place(name="Chèvrerie du Loir", reviews=["changed"])
    changed._history_user, changed.street = changed.merchant.owner, "3 route de Blois"
    changed.save()
    new = owned_place("autre@example.org", name="Ferme des Prés", reviews=["new"], street="12 rue des Prés")
    double = point_of_sale(
        "La ferme des Prés", pin=at(centre_of(), 90, 60), street="12 r. des Prés", products=["cheese"]
    )
    pair = Duplicate.objects.create(first=new, second=double, score=0.82,
                                    reasons=[{"code": "name", "likeness": 92}, {"code": "phone"}])  # fmt: skip
    return {"reported": reported, "changed": changed, "new": new, "double": double, "pair": pair}


def shot(page, name: str) -> None:
    """A picture to be looked at, where a directory for them is named."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_the_queue_by_the_keyboard(desk, waiting):
    page = desk("/gestion/")
    shot(page, "home")
    page.get_by_role("link", name="Fiches à examiner (3)").first.click()
    shot(page, "queue")
    expect(page.locator("#result_list")).to_contain_text("Rideau baissé depuis mars")
    expect(page.locator("#result_list")).to_contain_text("3 route de Blois")
    page.get_by_role("link", name="Ferme des Prés", exact=True).click()
    expect(page.locator(".whys")).to_contain_text("nouvelle")
    shot(page, "form")
    page.get_by_role("button", name="Rien à redire : suivant").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**file=moderation")
    expect(page.locator(".whys")).to_contain_text("changée")
    page.get_by_label("Motif de la modification").fill("Quel est le numéro dans la rue ?")
    page.get_by_role("button", name="Masquer et demander : suivant").first.click()
    expect(page.locator(".whys")).to_contain_text("signalée")
    waiting["new"].refresh_from_db(), waiting["changed"].refresh_from_db()
    assert waiting["new"].reviews == []
    assert (waiting["changed"].status, waiting["changed"].reviews) == ("hidden", [])


def test_merged_and_taken_apart(desk, waiting):
    page = desk(f"/gestion/directory/duplicate/{waiting['pair'].pk}/change/")
    expect(page.get_by_text("même téléphone")).to_be_visible()
    shot(page, "pair")
    page.get_by_label("12 r. des Prés").check()
    page.get_by_role("button", name=f"Fusionner, en gardant « Ferme des Prés » (nº {waiting['new'].pk})").click()
    page.wait_for_url("**/merge/**")
    shot(page, "merge")
    kept = PointOfSale.objects.get(pk=waiting["new"].pk)
    assert kept.street == "12 r. des Prés"
    assert kept.offers.count() == 1
    page.get_by_role("button", name="Défaire cette fusion").click()
    expect(page.get_by_text("de nouveau deux fiches")).to_be_visible()
    kept.refresh_from_db(), waiting["double"].refresh_from_db()
    assert (kept.street, waiting["double"].status) == ("12 rue des Prés", "published")
    assert waiting["double"].offers.count() == 1


@pytest.mark.slow
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing(desk, waiting, viewport):
    page = desk("/gestion/", viewport, reduced_motion="reduce")
    lists = (QUEUE, *(f"/gestion/directory/{name}/" for name in ("duplicate", "merchantlabel", "termproposal")))
    for path in (*lists, f"/gestion/directory/duplicate/{waiting['pair'].pk}/change/"):
        page.goto(path)
        shot(page, f"{path.strip('/').replace('/', '-')}-{viewport['width']}")
        clean(page, within="#changelist-form" if path in lists else "#content")
