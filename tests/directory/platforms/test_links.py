"""Sites that answer, that fail, and that come back; and outages of our own network, which change nothing."""

from __future__ import annotations

import socket
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.utils import timezone

from directory.models import Platform
from directory.platforms import links
from directory.platforms.links import Found, check_links, look
from tests.platform_data import platform

Link = Platform.Link
DAY = timedelta(days=1)
NOW = timezone.now()


class Site(BaseHTTPRequestHandler):
    """Answers with the status in its path; /to/… redirects there, /slow/ never ends."""

    def do_GET(self):
        self.server.asked.append(self.path)
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to/"))
        elif self.path == "/slow/":
            self.server.released.wait(10)
            return
        else:
            self.send_response(self.server.status or int(self.path.strip("/") or 200))
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def site(settings):
    settings.FEEDS_ALLOWED_NETWORKS = ["127.0.0.1/32"]
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.asked, server.status, server.released = [], None, threading.Event()
    server.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.released.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def nobody():
    """An address where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}/"


class TestLooking:
    @pytest.mark.parametrize(
        ("path", "expected"),
        [
            ("/", Found.WORKS),
            ("/204/", Found.WORKS),
            ("/to//", Found.WORKS),
            ("/403/", Found.WORKS),  # keeps robots out
            ("/404/", Found.REFUSED),
            ("/410/", Found.REFUSED),
            ("/500/", Found.REFUSED),
            ("/to//404/", Found.REFUSED),
        ],
    )
    def test_what_a_site_answers(self, site, path, expected):
        assert look(site.url + path) is expected

    def test_nobody_there(self, site, nobody):
        assert look(nobody) is Found.SILENT

    def test_an_endless_circle(self, site):
        assert look(f"{site.url}/to/{'/to/' * 20}") is Found.REFUSED

    def test_a_slow_site_is_not_waited_for(self, site):
        began = timezone.now()
        assert look(f"{site.url}/slow/", seconds=0.5) is Found.SILENT
        assert timezone.now() - began < timedelta(seconds=5)

    @pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "http://", "http://[bad"])
    def test_no_address_of_a_site(self, site, url):
        assert look(url) is Found.SILENT

    def test_a_private_address_is_not_asked(self, site, settings):
        settings.FEEDS_ALLOWED_NETWORKS = []
        assert look(site.url) is Found.SILENT
        assert site.asked == []

    def test_nor_one_that_a_site_redirects_to(self, site, settings):
        assert look(f"{site.url}/to/http://127.0.0.2:{site.server_port}/") is Found.SILENT
        assert site.asked == [f"/to/http://127.0.0.2:{site.server_port}/"]


@pytest.mark.django_db
class TestStates:
    def states(self, site, *days):
        """The state of a platform after a round on each of the days; its site answers 500, or what it is told."""
        one = platform(url=site.url, communes=["45234"])
        found = []
        for day, status in days:
            site.status = status
            check_links(NOW + day * DAY)
            one.refresh_from_db()
            found.append(one.link)
        return found

    def test_a_dead_site_is_flagged_then_hidden_and_shown_again_when_it_answers(self, site):
        rounds = [(0, 200), (1, 500), (2, 500), (14, 500), (15, 500), (28, 500), (29, 500), (30, 500), (31, 200)]
        assert self.states(site, *rounds) == [
            "works", "failing", "failing", "failing", "flagged", "flagged", "hidden", "hidden", "works",
        ]  # fmt: skip
        assert Platform.objects.shown().get().failing_since is None

    def test_it_is_counted_anew_after_it_answered(self, site):
        assert self.states(site, (0, 500), (13, 200), (14, 500), (20, 500)) == [
            "failing",
            "works",
            "failing",
            "failing",
        ]

    def test_once_a_day(self, site):
        self.states(site, (0, 200), (0.2, 200), (0.5, 500))
        assert len(site.asked) == 1
        self.states(site, (2, 200))

    def test_hidden_ones_are_looked_at_and_drafts_and_no_demonstration(self, site):
        platform(url=f"{site.url}/1/", status="hidden", link=Link.HIDDEN, failing_since=NOW - 40 * DAY)
        platform(url=f"{site.url}/2/", status="draft")
        platform(url=f"{site.url}/3/", demo=True)
        site.status = 200
        assert check_links(NOW) == 2
        assert sorted(site.asked) == ["/1/", "/2/"]

    def test_an_address_that_changed_meanwhile_is_not_judged(self, site, monkeypatch):
        one = platform(url=site.url)

        def look_while_somebody_edits(url):
            Platform.objects.filter(pk=one.pk).update(url="https://ailleurs.example.org/")
            return Found.REFUSED

        # In this thread, so that what it writes is seen.
        monkeypatch.setattr(links, "ThreadPoolExecutor", InThisThread)
        monkeypatch.setattr(links, "look", look_while_somebody_edits)
        assert check_links(NOW) == 0
        one.refresh_from_db()
        assert (one.link, one.checked_at) == ("unknown", None)


class InThisThread:
    def __init__(self, at_once):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    map = staticmethod(map)


@pytest.mark.django_db
class TestOurOutage:
    def links(self):
        return list(Platform.objects.order_by("pk").values_list("link", flat=True))

    def test_all_silent_at_once_changes_nothing(self, site, nobody):
        for _ in range(3):
            platform(url=nobody, link=Link.WORKS, checked_at=NOW - DAY)
        assert check_links(NOW) == 0
        assert self.links() == ["works"] * 3
        assert not Platform.objects.exclude(checked_at=NOW - DAY).exists()  # they are looked at again tomorrow

    def test_one_that_answers_shows_that_the_others_do_not(self, site, nobody):
        for url in (nobody, nobody, f"{site.url}/500/"):
            platform(url=url, link=Link.WORKS)
        assert check_links(NOW) == 3
        assert self.links() == ["failing"] * 3

    def test_sites_that_were_silent_before_go_on_being_counted(self, site, nobody):
        for _ in range(3):
            platform(url=nobody, link=Link.FAILING, failing_since=NOW - 14 * DAY)
        assert check_links(NOW) == 3
        assert self.links() == ["flagged"] * 3

    def test_one_alone_is_believed(self, site, nobody):
        platform(url=nobody, link=Link.WORKS)
        assert check_links(NOW) == 1
        assert self.links() == ["failing"]
