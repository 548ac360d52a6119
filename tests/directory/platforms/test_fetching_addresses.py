"""Fetching a list: what addresses and redirects lead to."""

from __future__ import annotations

import socket

import pytest

from directory.platforms import fetching
from directory.platforms.addresses import is_open, look_up
from directory.platforms.errors import NotAllowed, Unreachable
from directory.platforms.fetching import fetch

MB = 1_000_000


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
