"""A real browser, and pages that may not ask other hosts, set cookies, or complain."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.journeys.mapping import farms, town  # noqa: F401
from tests.journeys.production import collected, production  # noqa: F401


def _found() -> Path:
    """Chromium without a screen first: it takes half the processor's time. Playwright's own where Debian's is not."""
    for name in ("chromium-headless-shell", "chromium", "google-chrome"):
        if path := shutil.which(name):
            return Path(path)
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    own = sorted(cache.glob("chromium*/*/*headless*shell")) + sorted(cache.glob("chromium-*/*/chrome"))
    return own[0] if own else Path("chromium")


CHROMIUM = _found()
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 375, "height": 760}


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api")
    # Playwright runs its event loop in this thread, where Django then refuses to reach the database.
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        with playwright.sync_playwright() as started:
            flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
            browser = started.chromium.launch(executable_path=str(CHROMIUM), args=flags)
            yield browser
            browser.close()


@pytest.fixture
def visit(browser, live_server, settings):
    """Opens pages; at the end no other host was asked, no cookie set, nothing refused by the policy, nothing thrown."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    contexts, complaints, hosts = [], [], set()

    def open_page(path, viewport=WIDE, **options):
        context = browser.new_context(viewport=viewport, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(5_000)
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
        page.goto(live_server.url + path)
        return page

    yield open_page
    cookies = [cookie for context in contexts for cookie in context.cookies()]
    for context in contexts:
        context.close()
    assert hosts == {urlsplit(live_server.url).netloc}
    assert cookies == []
    assert [text for text in complaints if "status of 4" not in text] == []
