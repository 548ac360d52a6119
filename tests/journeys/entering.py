"""Signing in at a desk, and what must hold when the visit ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from tests.journeys.conftest import WIDE

PASSWORD = "un mot de passe de test"


@contextmanager
def entering(browser: Any, live_server: Any, settings: Any, home: str, email: str) -> Iterator[Any]:
    """Opens `home` at a width, signed in; at the end no other host was asked, nothing was refused or thrown."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    contexts, complaints, hosts = [], [], set()

    def enter(viewport: Any = WIDE, **options: Any) -> Any:
        context = browser.new_context(viewport=viewport, base_url=live_server.url, locale="fr-FR", **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(5_000)
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
        page.goto(home)
        page.get_by_label("Adresse électronique").fill(email)
        page.get_by_label("Mot de passe").fill(PASSWORD)
        page.get_by_role("button", name="Se connecter").click()
        page.wait_for_url(f"**{home}")
        return page

    yield enter
    for context in contexts:
        context.close()
    assert hosts == {urlsplit(live_server.url).netloc}
    assert [text for text in complaints if "status of 4" not in text] == []
