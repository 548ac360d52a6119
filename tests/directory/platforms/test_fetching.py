"""Fetching a list: what servers do, and what addresses lead to."""

from __future__ import annotations

import gzip
import socket
import ssl
import subprocess
import threading
import time

import pytest

from directory.platforms import fetching
from directory.platforms.addresses import is_open, look_up
from directory.platforms.errors import NotAList, NotAllowed, TooLarge, TooSlow, Unreachable
from directory.platforms.fetching import Fetched, NotModified, fetch

MB = 1_000_000


@pytest.fixture
def names(monkeypatch):
    """Names that resolve as a test says: to a list of addresses, or to one list after the other."""
    real, known, asked = socket.getaddrinfo, {}, []

    def resolve(host, port, *args, **kwargs):
        if host not in known:
            return real(host, port, *args, **kwargs)
        asked.append(host)
        found = known[host]
        addresses = found.pop(0) if isinstance(found[0], list) else found
        kinds = [socket.AF_INET6 if ":" in address else socket.AF_INET for address in addresses]
        return [(kind, socket.SOCK_STREAM, 6, "", (each, port)) for kind, each in zip(kinds, addresses, strict=True)]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    known["asked"] = asked
    return known


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


class TestAddresses:
    @pytest.mark.parametrize(
        "address",
        [
            "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1",
            "169.254.169.254", "100.100.100.200", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1",
            "255.255.255.255", "::", "::1",
            "fe80::1", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "ff0e::1", "::ffff:127.0.0.1",
            "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::",
            "2001:0:7f00:1::", "2001:db8::1", "192.88.99.1", "::ffff:192.88.99.1",
        ],
    )  # fmt: skip
    def test_private_ones_are_closed(self, address):
        assert not is_open(address)

    @pytest.mark.parametrize(
        "address", ["93.184.215.14", "2a00:1450:4007::1", "::ffff:93.184.215.14", "64:ff9b::808:808"]
    )
    def test_public_ones_are_open(self, address):
        assert is_open(address)

    def test_a_setting_opens_a_network(self, settings):
        settings.FEEDS_ALLOWED_NETWORKS = ["10.1.0.0/16", "::1/128"]
        assert [is_open(each) for each in ("10.1.2.3", "::ffff:10.1.2.3", "::1", "10.2.0.1", "127.0.0.1")] == [
            True, True, True, False, False,
        ]  # fmt: skip

    @pytest.mark.parametrize(
        "url",
        [
            "http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f000001/", "http://0/", "http://[::1]/",
            "http://[::ffff:127.0.0.1]/", "http://[fe80::1%25lo]/", "http://localhost/", "http://LOCALHOST./",
            "http://169.254.169.254/latest/meta-data/", "http://192.168.0.1:8080/",
        ],
    )  # fmt: skip
    def test_forms_of_private_addresses(self, url):
        with pytest.raises((NotAllowed, Unreachable)):
            fetch(url)

    @pytest.mark.parametrize(
        ("url", "why"),
        [
            ("file:///etc/passwd", "http"),
            ("gopher://example.org/", "http"),
            ("//example.org/", "http"),
            ("example.org", "http"),
            ("http://user:secret@93.184.215.14/", "mot de passe"),
            ("http://93.184.215.14@127.0.0.1/", "mot de passe"),
            ("http://93.184.215.14\\@127.0.0.1/", "mot de passe"),
            ("http://93.184.215.14:25/", "port 25"),
            ("http://93.184.215.14:0/", "port 0"),
            ("http://93.184.215.14:99999/", "mal formée"),
            ("http://[::1/", "mal formée"),
            ("http:///list", "mal formée"),
            ("http://a b/", "mal formée"),
            ("http://..example.org/", "mal formée"),
        ],
    )
    def test_addresses_that_are_not_read(self, url, why):
        with pytest.raises(NotAllowed, match=why):
            look_up(url)

    def test_what_is_asked_for(self):
        target = look_up("https://93.184.215.14:8443/é t?a=ü#top")
        assert (target.port, target.host_header, target.path) == (
            8443, "93.184.215.14:8443", "/%C3%A9%20t?a=%C3%BC",
        )  # fmt: skip
        assert look_up("http://[2a00:1450:4007::1]/").host_header == "[2a00:1450:4007::1]"

    def test_a_name_that_means_loopback(self, names):
        names["list.example"] = ["127.0.0.1"]
        with pytest.raises(NotAllowed, match="privée"):
            fetch("http://list.example/")

    def test_one_private_address_among_public_ones(self, names):
        names["list.example"] = ["93.184.215.14", "10.0.0.1"]
        with pytest.raises(NotAllowed):
            fetch("http://list.example/")

    def test_a_name_is_resolved_once(self, partner, names):
        """Rebinding: what it means a moment later is not asked for."""
        names["list.example"] = [["127.0.0.1"], ["127.0.0.2"]]
        fetch(f"http://list.example:{partner.server_port}/")
        assert names["asked"] == ["list.example"]
        assert partner.asked[0][1]["Host"] == f"list.example:{partner.server_port}"

    def test_the_next_address_where_the_first_is_silent(self, partner, names, settings):
        settings.FEEDS_ALLOWED_NETWORKS = ["127.0.0.0/8", "::1/128"]
        names["list.example"] = ["::1", "127.0.0.1"]
        assert fetch(f"http://list.example:{partner.server_port}/")

    def test_an_unknown_name(self, monkeypatch):
        def unknown(*_, **__):
            raise socket.gaierror

        monkeypatch.setattr(socket, "getaddrinfo", unknown)
        with pytest.raises(Unreachable, match="inconnu"):
            fetch("http://nowhere.example/")


class TestRedirects:
    def test_they_are_followed(self, partner):
        steps = {"/list": "/b", "/b": "c?d=1", "/c?d=1": partner.url.replace("/list", "/end")}

        def answer(handler):
            there = steps.get(handler.path)
            handler.says(302 if there else 200, b"[]", **({"Location": there} if there else {}))

        partner.answer = answer
        assert fetch(partner.url).content == b"[]"
        assert [path for path, _ in partner.asked] == ["/list", "/b", "/c?d=1", "/end"]

    def test_not_for_ever(self, partner):
        partner.answer = lambda handler: handler.says(301, Location="/list")
        with pytest.raises(NotAllowed, match="3 redirections"):
            fetch(partner.url)
        assert len(partner.asked) == 4

    @pytest.mark.parametrize(
        "there",
        [
            "http://127.0.0.2/", "http://localhost.localdomain:1/", "http://[::1]/", "http://10.0.0.1/",
            "//192.168.0.1/x", "http://169.254.169.254/latest/meta-data/", "file:///etc/passwd", "ftp://93.184.215.14/",
            "http://u:p@x/", "http://[bad/",
        ],
    )  # fmt: skip
    def test_not_everywhere(self, partner, there, names):
        names["localhost.localdomain"] = ["::1"]
        partner.answer = lambda handler: handler.says(302, Location=there)
        with pytest.raises(NotAllowed):
            fetch(partner.url)
        assert len(partner.asked) == 1

    def test_not_from_https_to_http(self):
        with pytest.raises(NotAllowed, match="https vers http"):
            fetching._next("https://a.example/", "http://a.example/")

    @pytest.mark.parametrize("url", ["https://a.example/", "HTTPS://a.example/", "Https://a.example/"])
    @pytest.mark.parametrize("there", ["http://a.example/x", "HTTP://a.example/x"])
    def test_never_to_a_weaker_scheme(self, url, there):
        with pytest.raises(NotAllowed, match="https vers http"):
            fetching._next(url, there)

    def test_a_redirect_to_nowhere_is_no_list(self, partner):
        partner.status = 302
        with pytest.raises(Unreachable, match="302"):
            fetch(partner.url)
