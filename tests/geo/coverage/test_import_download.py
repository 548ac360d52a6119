"""`import_coverage --download`, against a server on loopback that behaves and misbehaves."""

from __future__ import annotations

import gzip
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.management import CommandError

from geo.coverage.importing import downloading
from geo.models import CoverageFile
from tests.geo.coverage.files import BLOIS, TECHNO, WIRED, command, line, text_of

pytestmark = pytest.mark.django_db


class Portal(ThreadingHTTPServer):
    """Publishes `files` by path; `answer(handler)` in place of that, where a test sets it."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.files = {f"/{layout}.csv": text_of([line(layout)]).encode() for layout in (WIRED, TECHNO)}
        self.asked = []
        self.answer = None

    def handle_error(self, request, client_address):
        """Our side hangs up: nothing to print."""


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        if self.server.answer is not None:
            self.server.answer(self)
        elif self.path in self.server.files:
            self.says(200, self.server.files[self.path], Content_Type="text/csv")
        else:
            self.says(404, b"<p>Nothing here</p>")

    def says(self, status, body, length=None, **headers):
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body) if length is None else length)} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def portal(settings, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Portal() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        settings.COVERAGE_DOWNLOAD_URL = f"http://127.0.0.1:{server.server_port}/{{layout}}.csv"
        yield server
        server.shutdown()


@contextmanager
def fails(why):
    """The command ends with the reason and the remedy, and nothing was written."""
    with pytest.raises(CommandError, match=why) as failure:
        yield
    assert "Download it in a browser" in str(failure.value)
    assert "`manage.py import_coverage FILE`" in str(failure.value)
    assert not CoverageFile.objects.exists()


def test_the_current_edition_is_fetched_and_loaded(portal):
    said = command("import_coverage", "--download")
    assert portal.asked == [f"/{WIRED}.csv", f"/{TECHNO}.csv"]
    assert {file.layout: file.url.rsplit("/", 1)[1] for file in CoverageFile.objects.all()} == {
        WIRED: f"{WIRED}.csv",
        TECHNO: f"{TECHNO}.csv",
    }
    assert "Written, in one transaction" in said
    assert "Nothing to write" in command("import_coverage", "--download", TECHNO)
    assert portal.asked[2:] == [f"/{TECHNO}.csv"]


def test_a_compressed_answer_is_read(portal):
    body = gzip.compress(portal.files[f"/{TECHNO}.csv"])
    portal.answer = lambda handler: handler.says(200, body, Content_Encoding="gzip")
    command("import_coverage", "--download", TECHNO)
    assert CoverageFile.objects.get().figures.get().code == BLOIS


PAGE = b"<!DOCTYPE html><title>Sign in</title>"


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (lambda handler: handler.says(404, PAGE), "the server answered 404"),
        (lambda handler: handler.says(503, b""), "the server answered 503"),
        (lambda handler: handler.says(200, b"Sign in", Content_Type="text/html; charset=utf-8"), "a page and no CSV"),
        (lambda handler: handler.says(200, b"\n" + PAGE, Content_Type="text/csv"), "a page and no CSV"),
        (lambda handler: handler.says(200, b'{"error": 1}', Content_Type="text/csv"), "a page and no CSV"),
        (lambda handler: handler.says(200, b""), "what came is empty"),
        (lambda handler: handler.says(200, b"code_insee;", length=500), "the answer broke off"),
        (lambda handler: handler.says(200, b"not gzip", Content_Encoding="gzip"), "the answer broke off or is wrong"),
        (lambda handler: handler.says(302, b"", Location=handler.path), "wrong .TooManyRedirects"),
        (lambda handler: handler.connection.close(), "cannot be reached"),
    ],
)
def test_what_is_no_csv_file_is_not_taken(portal, answer, why):
    portal.answer = answer
    with fails(why):
        command("import_coverage", "--download")
    assert len(set(portal.asked)) == 1


def test_a_page_that_is_valid_csv_of_something_else_is_not_taken(portal):
    portal.files[f"/{WIRED}.csv"] = b"a;b\n1;2\n"
    with pytest.raises(CommandError, match="no column of ARCEP's files"):
        command("import_coverage", "--download")


def test_more_than_a_file_of_communes_is_cut_off(portal, monkeypatch):
    monkeypatch.setattr(downloading, "MAX_BYTES", 1000)
    bomb = gzip.compress(b"0" * 10_000_000)
    portal.answer = lambda handler: handler.says(200, bomb, Content_Encoding="gzip")
    with fails("more than 1,000 bytes"):
        command("import_coverage", "--download")


def test_a_server_that_is_silent_is_left(portal, monkeypatch):
    monkeypatch.setattr(downloading, "READ_S", 0.2)
    portal.answer = lambda handler: time.sleep(2)
    began = time.monotonic()
    with fails("did not answer in time"):
        command("import_coverage", "--download")
    assert time.monotonic() - began < 1.5


def test_a_server_that_drips_is_left(portal, monkeypatch):
    monkeypatch.setattr(downloading, "TOTAL_S", 0.3)

    def drip(handler):
        handler.says(200, b"", length=1000)
        for _ in range(40):
            handler.wfile.write(b"c")
            handler.wfile.flush()
            time.sleep(0.05)

    portal.answer = drip
    began = time.monotonic()
    with fails("had not all come after 0 s"):
        command("import_coverage", "--download")
    assert time.monotonic() - began < 1.5


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/{layout}.csv", "file:///etc/{layout}", "nonsense"])
def test_an_address_that_leads_nowhere(settings, monkeypatch, url):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    settings.COVERAGE_DOWNLOAD_URL = url
    with fails("cannot be reached|is wrong"):
        command("import_coverage", "--download")
