"""Signing in, at a desk or as an owner, and what must hold when the visit ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings as conf
from django.test import Client

from tests.journeys.conftest import WIDE

PASSWORD = "un mot de passe de test"
BACKEND = "django.contrib.auth.backends.ModelBackend"


@contextmanager
def visiting(browser: Any, live_server: Any, settings: Any) -> Iterator[Any]:
    """Opens blank pages at a width; at the end no other host was asked, nothing was refused or thrown."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    contexts, complaints, hosts = [], [], set()

    def open_page(viewport: Any = WIDE, **options: Any) -> Any:
        context = browser.new_context(viewport=viewport, base_url=live_server.url, locale="fr-FR", **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(5_000)
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert hosts <= {urlsplit(live_server.url).netloc}
    assert [text for text in complaints if "status of 4" not in text] == []


@contextmanager
def entering(browser: Any, live_server: Any, settings: Any, home: str, email: str) -> Iterator[Any]:
    """Opens `home` at a width, signed in by the password."""
    with visiting(browser, live_server, settings) as open_page:

        def enter(viewport: Any = WIDE, **options: Any) -> Any:
            page = open_page(viewport, **options)
            page.goto(home)
            page.get_by_label("Adresse électronique").fill(email)
            page.get_by_label("Mot de passe").fill(PASSWORD)
            page.get_by_role("button", name="Se connecter").click()
            page.wait_for_url(f"**{home}")
            return page

        yield enter


@contextmanager
def owning(browser: Any, live_server: Any, settings: Any, user: Any) -> Iterator[Any]:
    """Opens an address at a width, signed in as an owner, who has no password: `own("/mon-commerce/", NARROW)`."""
    with visiting(browser, live_server, settings) as open_page:

        def own(path: str = "/mon-commerce/", viewport: Any = WIDE, **options: Any) -> Any:
            client = Client()
            client.force_login(user, backend=BACKEND)
            session = client.cookies[conf.SESSION_COOKIE_NAME].value
            page = open_page(viewport, **options)
            page.context.add_cookies([{"name": conf.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
            page.goto(path)
            return page

        yield own
