"""Fetching a list: what servers do."""

from __future__ import annotations

import gzip
import socket
import ssl
import subprocess
import threading
import time

import pytest

from directory.platforms import fetching
from directory.platforms.errors import NotAList, TooLarge, TooSlow, Unreachable
from directory.platforms.fetching import Fetched, NotModified, fetch

MB = 1_000_000


class TestAnswers:
    def test_a_list(self, partner):
        partner.body, partner.headers = b'[{"a": 1}]', {"Content-Type": "application/json", "ETag": '"v1"'}
        assert fetch(partner.url) == Fetched(b'[{"a": 1}]', '"v1"', "application/json")
        ((path, headers),) = partner.asked
        assert (path, headers["Host"]) == ("/list", f"127.0.0.1:{partner.server_port}")
        assert "If-None-Match" not in headers

    @pytest.mark.parametrize("etag", ['"v\0"', '"v\x7f"', '"' + "v" * 300 + '"'])
    def test_a_tag_that_cannot_be_kept(self, partner, etag):
        partner.headers["ETag"] = etag
        assert fetch(partner.url).etag == ""

    def test_one_that_has_not_changed(self, partner):
        partner.status, partner.body = 304, b""
        assert fetch(partner.url, '"v1"') == NotModified()
        assert partner.asked[0][1]["If-None-Match"] == '"v1"'

    def test_unchanged_though_nobody_asked(self, partner):
        partner.status, partner.body = 304, b""
        with pytest.raises(Unreachable, match="304"):
            fetch(partner.url)

    @pytest.mark.parametrize("status", [204, 403, 404, 429, 500, 503])
    def test_codes_that_are_no_list(self, partner, status):
        partner.status, partner.body = status, b"[]" if status != 204 else b""
        with pytest.raises(Unreachable, match=str(status)):
            fetch(partner.url)

    def test_a_compressed_list(self, partner):
        partner.body, partner.headers = gzip.compress(b"[1]", mtime=0), {"Content-Encoding": "gzip"}
        assert fetch(partner.url).content == b"[1]"
        assert partner.asked[0][1]["Accept-Encoding"] == "gzip"

    @pytest.mark.parametrize(
        ("body", "headers", "why"),
        [
            (b"<!doctype html><p>Bonjour", {"Content-Type": "application/json"}, "page"),
            (b"\xef\xbb\xbf \n<?xml version='1.0'?><a/>", {}, "page"),
            (b"Bonjour", {"Content-Type": "Text/HTML; charset=utf-8"}, "page"),
            (b"", {}, "n'envoie rien"),
            (gzip.compress(b"[1]" * 999, mtime=0)[:-9], {"Content-Encoding": "gzip"}, "endommagée"),
            (gzip.compress(b"[1]", mtime=0) + b"more", {"Content-Encoding": "gzip"}, "endommagée"),
            (b"[1]", {"Content-Encoding": "gzip"}, "endommagée"),
            (b"[1]", {"Content-Encoding": "br"}, "seul gzip"),
        ],
    )
    def test_what_is_no_list(self, partner, body, headers, why):
        partner.body, partner.headers = body, headers
        with pytest.raises(NotAList, match=why):
            fetch(partner.url)

    def test_a_list_that_breaks_off(self, partner):
        partner.answer = lambda handler: handler.says(200, b"[1,", length=9)
        with pytest.raises(Unreachable, match="interrompue"):
            fetch(partner.url)

    def test_nobody_there(self, partner):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with pytest.raises(Unreachable):
            fetch(f"http://127.0.0.1:{port}/")


class TestLimits:
    def test_50_mb_without_a_length(self, partner):
        sent = []

        def pour(handler):
            handler.send_response(200)
            handler.end_headers()
            for _ in range(50):
                handler.wfile.write(b"x" * MB)
                sent.append(MB)

        partner.answer = pour
        with pytest.raises(TooLarge, match="20 Mo"):
            fetch(partner.url)
        assert sum(sent) < 35 * MB, "the rest is not even read"

    def test_a_gzip_bomb(self, partner):
        partner.body, partner.headers = gzip.compress(b"0" * 50 * MB), {"Content-Encoding": "gzip"}
        assert len(partner.body) < MB
        with pytest.raises(TooLarge):
            fetch(partner.url)

    def test_as_large_as_it_may_be(self, partner, monkeypatch):
        monkeypatch.setattr(fetching, "MAX_BYTES", 1000)
        partner.body = b"x" * 1000
        assert len(fetch(partner.url).content) == 1000
        partner.body = b"x" * 1001
        with pytest.raises(TooLarge):
            fetch(partner.url)

    def test_a_server_that_drips(self, partner):
        partner.answer = lambda handler: handler.streams(b"x", 100, pause=0.05)
        began, threads = time.monotonic(), threading.active_count()
        with pytest.raises(TooSlow):
            fetch(partner.url, seconds=0.4)
        assert time.monotonic() - began < 2
        time.sleep(0.2)
        assert threading.active_count() <= threads + 1, "only the server's own thread may be left"

    def test_a_server_that_drips_its_headers(self, partner):
        def drip(handler):
            for byte in b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 100:
                handler.wfile.write(bytes([byte]))
                if handler.server.closing.wait(0.05):
                    return

        partner.answer = drip
        with pytest.raises(TooSlow):
            fetch(partner.url, seconds=0.4)

    def test_a_server_that_says_nothing(self, partner, monkeypatch):
        monkeypatch.setattr(fetching, "READ_S", 0.2)
        partner.answer = lambda handler: handler.server.closing.wait(5)
        with pytest.raises(TooSlow):
            fetch(partner.url)

    def test_a_resolver_that_hangs(self, monkeypatch):
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(2))
        with pytest.raises(TooSlow):
            fetch("https://example.org/", seconds=0.2)


class TestCertificates:
    @pytest.fixture
    def secure(self, partner, names, tmp_path):
        """The partner under TLS, as list.example; what names clients ask for is kept."""
        key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
        made = "req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=x -addext subjectAltName=DNS:list.example"
        subprocess.run(["openssl", *made.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        context.sni_callback = lambda _socket, name, _context: names["asked"].append(f"sni {name}")
        partner.socket = context.wrap_socket(partner.socket, server_side=True)
        names["list.example"] = names["other.example"] = ["127.0.0.1"]
        return certificate

    def test_the_host_s_own_name_is_checked_though_an_address_is_called(self, secure, partner, names, monkeypatch):
        monkeypatch.setattr(fetching, "DEFAULT_CA_BUNDLE_PATH", str(secure))
        assert fetch(f"https://list.example:{partner.server_port}/").content == b"[]"
        assert names["asked"] == ["list.example", "sni list.example"]
        with pytest.raises(Unreachable, match="certificat"):
            fetch(f"https://other.example:{partner.server_port}/")

    def test_a_certificate_that_nobody_knows(self, secure, partner):
        with pytest.raises(Unreachable, match="certificat"):
            fetch(f"https://list.example:{partner.server_port}/")
        assert partner.asked == []
