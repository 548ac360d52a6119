"""The service worker's script and the page without a line. What they do is tried in a browser (tests/journeys)."""

from __future__ import annotations

import json
import re

import pytest

from maps import offline

pytestmark = pytest.mark.django_db
MOST = 3_000  # bytes


def told(script):
    return json.loads(re.match(r"const told = (\{.*\});\n", script)[1])


def test_is_small_and_speaks_both_languages(client):
    response = client.get("/sw.js")
    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert response["Cache-Control"] == "no-cache"
    hashes = 13 * len(offline.FILES)  # what names gain when files are collected
    assert len(response.content) + hashes < MOST
    words = told(response.content.decode())
    assert "{date}" in words["fr"]
    assert "{date}" in words["en"]
    assert words["fr"] != words["en"]
    assert words["files"][:2] == ["/hors-ligne/", "/en/hors-ligne/"]
    assert client.get("/en/sw.js").content == response.content


def test_all_that_it_keeps_is_there(client):
    from django.contrib.staticfiles import finders

    files = told(client.get("/sw.js").content.decode())["files"]
    for page in files[:2]:
        assert client.get(page).status_code == 200
    assert len(files) > 5
    for file in files[2:]:
        assert finders.find(file.removeprefix("/static/")), file


def test_its_version_is_that_of_what_it_keeps(client, monkeypatch):
    first = told(client.get("/sw.js").content.decode())
    assert told(client.get("/sw.js").content.decode()) == first
    monkeypatch.setattr(offline, "asset", lambda path: f"/static/{path}?2")
    assert told(client.get("/sw.js").content.decode())["cache"] != first["cache"]


def test_workers_may_be_ours_only(client):
    for path in ("/", "/sw.js"):
        assert "worker-src 'self'" in client.get(path)["Content-Security-Policy"]


def test_the_page_says_what_to_do(client):
    for path, said in (("/hors-ligne/", "Réessayer"), ("/en/hors-ligne/", "")):
        page = client.get(path).content.decode()
        assert said in page
        assert '<meta name="robots" content="noindex">' in page
