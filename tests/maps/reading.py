"""Reads pages as tests need them: links of a part, by their text."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit


class Links(HTMLParser):
    """Every link of an element of that class, as (text, address)."""

    def __init__(self, part: str) -> None:
        super().__init__()
        self.part, self.depth, self.found, self.text, self.href = part, 0, [], "", None
        self.void = {"br", "img", "input", "meta", "link", "use", "path", "circle", "hr"}

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag in self.void:
            return
        if self.depth or self.part in (given.get("class") or "").split():
            self.depth += 1
        if self.depth and tag == "a":
            self.href, self.text = given["href"], ""

    def handle_data(self, data):
        self.text += data

    def handle_endtag(self, tag):
        if not self.depth or tag in self.void:
            return
        if tag == "a" and self.href is not None:
            self.found.append((re.sub(r"[ \n]+", " ", self.text).strip(), self.href))
            self.href = None
        self.depth -= 1


def links(page: str, part: str) -> list[tuple[str, str]]:
    reader = Links(part)
    reader.feed(page)
    return reader.found


def sentence(page: str) -> str:
    return html.unescape(re.search(r"<h1>(.*?)</h1>", page, re.DOTALL)[1])


def field(page: str) -> str:
    return html.unescape(re.search(r'id="q"\s+name="q"\s+type="search"\s+value="([^"]*)"', page)[1])


def carried(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found}


def asked_of(href):
    return {name: values[0] for name, values in parse_qs(urlsplit(href).query).items()}


def total(page):
    """How many the page counts over its list."""
    found = re.search(r"sur ([\d\u202f\xa0]+)</p>", page)
    return int(re.sub(r"\D", "", found[1])) if found else 0
