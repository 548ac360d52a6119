"""The search page in a browser: asking, with and without JavaScript."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from tests.journeys.conftest import CHROMIUM
from tests.journeys.mapping import QUESTION

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}"),
]


def test_asking(visit, farms):
    page = visit("/")
    page.fill("#q", "fromage vendome")
    page.click("button[type=submit]")
    assert urlsplit(page.url).query == "q=fromage+vendome", "nothing else is in the address"
    assert page.locator("h1").inner_text().startswith("3 ")
    assert page.locator(".result").count() == 3
    page.get_by_role("link", name=re.compile("Retirer.*autour de Vendôme")).click()
    assert urlsplit(page.url).query == "product=cheese"


def test_without_javascript(visit, farms):
    page = visit(QUESTION, java_script_enabled=False)
    assert page.locator(".result").count() == 3
    page.locator(".result h3 a").first.click()
    assert page.locator("h1").inner_text().startswith("Chèvrerie du Loir")
