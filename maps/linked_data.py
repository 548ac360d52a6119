"""schema.org data in a page: JSON-LD, which is no script, in words that no markup can end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
from django.utils.safestring import SafeString, mark_safe

# "</script>" in a name would end the element that it stands in: as escapes of JSON, it is only a name.
_ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def json_ld(data: dict[str, Any]) -> SafeString:
    """The content of a <script type="application/ld+json">."""
    return mark_safe(orjson.dumps({"@context": "https://schema.org"} | data).decode().translate(_ESCAPES))  # noqa: S308


def breadcrumb(steps: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """A BreadcrumbList of (name, absolute address), the outermost first."""
    items = [
        {"@type": "ListItem", "position": number, "name": name, "item": url}
        for number, (name, url) in enumerate(steps, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}
