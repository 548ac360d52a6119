"""What every request passes: limits, outages, and what is never sent."""

from __future__ import annotations

import logging

import pytest
from django.db import OperationalError, connection, connections
from django.test import Client, override_settings
from psycopg.errors import QueryCanceled

from config.logs import DropPrivate
from directory import search
from directory.ratelimit import RateLimiter, parse_limit
from directory.search import statements
from directory.visitors import client_address, network_of
from tests.builders import point_of_sale

pytestmark = pytest.mark.django_db
MERCHANTS = "/api/v1/merchants/"


class TestRateLimit:
    def test_a_burst_passes_then_a_token_at_a_time(self, monkeypatch):
        now = [1000.0]
        monkeypatch.setattr("directory.ratelimit.time.monotonic", lambda: now[0])
        limiter = RateLimiter(rate=50, burst=500)
        assert [limiter.wait_for("192.0.2.1") for _ in range(500)] == [0.0] * 500
        assert limiter.wait_for("192.0.2.1") == pytest.approx(0.02)
        assert limiter.wait_for("192.0.2.2") == 0.0, "another address has its own bucket"
        now[0] += 0.021
        assert limiter.wait_for("192.0.2.1") == 0.0
        assert limiter.wait_for("192.0.2.1") > 0
        now[0] += 3600
        assert [limiter.wait_for("192.0.2.1") for _ in range(500)] == [0.0] * 500

    def test_the_buckets_are_shared_by_forked_workers(self):
        import os

        limiter = RateLimiter(rate=0.001, burst=10)
        pid = os.fork()
        if pid == 0:
            for _ in range(10):
                limiter.wait_for("192.0.2.1")
            os._exit(0)
        os.waitpid(pid, 0)
        assert limiter.wait_for("192.0.2.1") > 0

    def test_a_household_s_ipv6_addresses_are_one(self):
        assert network_of("2001:db8:1:2:aaaa::1") == network_of("2001:db8:1:2:bbbb::9")
        assert network_of("2001:db8:1:2::1") != network_of("2001:db8:1:3::1")
        assert network_of("not an address") == "not an address"

    def test_settings(self):
        assert parse_limit("off") is None
        assert (parse_limit("2/9").rate, parse_limit("2/9").burst) == (2.0, 9.0)

    @override_settings(RATE_LIMIT="0.01/2")
    def test_above_the_limit_is_a_429_that_says_when(self):
        client = Client()
        responses = [client.get(MERCHANTS) for _ in range(3)]
        assert [r.status_code for r in responses] == [200, 200, 429]
        refused = responses[-1]
        assert 90 <= int(refused["Retry-After"]) <= 100
        assert refused["Content-Type"] == "application/problem+json"
        assert refused.json()["code"] == "too_many_requests"

    def test_the_forwarded_address_is_believed_only_behind_a_trusted_proxy(self, rf):
        request = rf.get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="6.6.6.6, 192.0.2.7")
        assert client_address(request) == "10.0.0.1"
        with override_settings(TRUSTED_PROXIES=1):
            assert client_address(request) == "192.0.2.7"
            direct = rf.get("/", REMOTE_ADDR="192.0.2.9")
            assert client_address(direct) == "192.0.2.9"


class TestOutage:
    def fail(self, monkeypatch, times: int, cause: Exception | None = None) -> list[int]:
        calls: list[int] = []
        real = search.answer

        def answer(*asked):
            calls.append(1)
            if len(calls) <= times:
                raise OperationalError("gone") from cause
            return real(*asked)

        monkeypatch.setattr(search, "answer", answer)
        # The test's transaction lives on the connection: it is not to be closed for real.
        monkeypatch.setattr(connections["default"], "close", lambda: None)
        return calls

    def test_a_lost_connection_is_asked_again(self, client, monkeypatch):
        calls = self.fail(monkeypatch, times=1)
        assert client.get(MERCHANTS).status_code == 200
        assert len(calls) == 2

    def test_a_database_that_stays_away_is_a_503_with_retry_after(self, client, monkeypatch):
        self.fail(monkeypatch, times=9)
        response = client.get(MERCHANTS)
        assert response.status_code == 503
        assert response.json()["code"] == "database_unavailable"
        english = client.get(MERCHANTS, headers={"accept-language": "en"}).json()
        assert english["title"] != response.json()["title"], "in the client's language"
        assert int(response["Retry-After"]) > 0

    def test_a_query_that_takes_too_long_says_what_to_narrow_and_is_not_asked_twice(self, client, monkeypatch):
        calls = self.fail(monkeypatch, times=9, cause=QueryCanceled())
        response = client.get(MERCHANTS)
        assert (response.status_code, response.json()["code"]) == (503, "query_too_broad")
        assert "rayon" in response.json()["detail"]
        assert len(calls) == 1

    def test_postgresql_cancels_a_query_over_its_time(self, client, monkeypatch):
        """The real cancellation, not a made-up one."""
        point_of_sale()
        monkeypatch.setattr(
            statements, "SHOW", statements.SHOW.replace("ORDER BY {page_order}", ", pg_sleep(1) ORDER BY {page_order}")
        )
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 50")
        response = client.get(MERCHANTS)
        assert (response.status_code, response.json()["code"]) == (503, "query_too_broad")


class TestLogs:
    def test_no_query_string_reaches_a_log(self):
        record = logging.LogRecord("x", 30, "f", 1, "Not Found: %s", ("/carte/?lat=47.12345&lon=1.2 and more",), None)
        DropPrivate().filter(record)
        assert record.getMessage() == "Not Found: /carte/ and more"

    @pytest.mark.parametrize(
        "path",
        [
            "/connexion-internet/{}/", "/en/connexion-internet/{}/merci/", "/agents/mot-de-passe/MQ/{}/?x=1",
            "/connexion/lien/{}/", "/en/inscription/{}/qui/", "/lettre/{}/", "/mon-commerce/juste/{}/?done=1",
        ],
    )  # fmt: skip
    def test_no_key_of_a_link_reaches_a_log(self, path):
        record = logging.LogRecord("x", 30, "f", 1, "GET %s 404", (path.format("7.1vX-key"),), None)
        DropPrivate().filter(record)
        said = record.getMessage()
        assert "key" not in said
        assert said.startswith(f"GET {path.partition('MQ')[0].partition('{')[0]}")
        assert said.endswith(" 404")


def test_the_policy_is_strict_on_every_kind_of_answer(client):
    for path in (MERCHANTS, "/api/v1/nothing/", "/health/"):
        policy = client.get(path)["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_postgresql_ended_is_replaced_without_an_error(client):
    """What a restart of PostgreSQL does to every connection that was kept."""
    import psycopg

    assert client.get(MERCHANTS).status_code == 200
    backend = connection.connection.info.backend_pid
    parameters = {
        k: v for k, v in connection.get_connection_params().items() if k in ("host", "port", "user", "dbname")
    }
    with psycopg.connect(**parameters, autocommit=True) as other:
        assert other.execute("SELECT pg_terminate_backend(%s)", [backend]).fetchone() == (True,)
    assert client.get(MERCHANTS).status_code == 200
    assert connection.connection.info.backend_pid != backend


def test_the_api_passes_no_session_and_no_sign_in(client, db, monkeypatch):
    """What is for pages is not run for the API: neither a cookie nor its absence changes an answer."""
    from django.contrib.sessions.middleware import SessionMiddleware

    def refused(self, request):
        raise AssertionError("the API asked for a session")

    monkeypatch.setattr(SessionMiddleware, "process_request", refused)
    response = client.get("/api/v1/interpret/", {"q": "miel"}, headers={"cookie": "sessionid=abc"})
    assert response.status_code == 200
    assert "Set-Cookie" not in response
    assert "Cookie" not in response["Vary"]
    assert response["Content-Length"] == str(len(response.content))
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]


def test_the_api_refuses_a_host_that_is_not_ours(client, db):
    assert client.get("/api/v1/interpret/", {"q": "miel"}, headers={"host": "evil.example"}).status_code == 400


def test_an_address_of_the_api_without_its_slash_leads_to_it(client, db):
    response = client.get("/api/v1/merchants", {"place": "Blois"})
    assert response.status_code == 301
    assert response["Location"].startswith("/api/v1/merchants/?place=Blois")


@pytest.mark.parametrize(("prefix", "said"), [("/", "Trop de paramètres"), ("/en/", "1000")])
def test_what_django_refuses_is_a_page_that_says_what_to_do(client, prefix, said):
    response = client.get(prefix + "?" + "product=honey&" * 1_001)
    assert response.status_code == 400
    assert said in response.content.decode()
    odd = client.get(prefix, headers={"host": "elsewhere.example"})
    assert odd.status_code == 400
    assert "Local d'abord" in odd.content.decode()
