"""Reads the page of coverage as tests need it: its text, the cells of its table."""

from __future__ import annotations

import html
import re

PAGE = "/couverture/"
VENDOME, BLOIS, TOURS, AREINES = "41269", "41018", "37261", "41003"


def read(client, status=200, path=PAGE, **query):
    response = client.get(path, query)
    assert response.status_code == status
    return html.unescape(response.content.decode()).replace("\u202f", " ").replace("\xa0", " ")


def names(page):
    return re.findall(r'<th scope="row">\s*<a href="[^"]*">([^<]+)</a>', page)


def rows(page):
    """Cells of each row, by its name."""
    found = {}
    for row in re.findall(r"<tr data-code.*?</tr>", page, re.DOTALL):
        cells = re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)
        name, *said = (re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", cell)).strip() for cell in cells)
        found[name] = said
    return found
