"""Tags of the public pages."""

from __future__ import annotations

import re

from django import template
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

FAMILIES = ("farming", "food_craft", "food_shop", "eating_out", "market", "craft", "retail", "services")


@register.simple_tag
def asset(path: str) -> str:
    """The address of a static file; its plain name where no manifest was made, which error pages must survive."""
    try:
        return str(staticfiles_storage.url(path))
    except ValueError:
        return f"{settings.STATIC_URL}{path}"


@register.filter(is_safe=True)
def squeezed(content: str) -> str:
    """The content on one line, for a title or an attribute; no-break spaces are kept."""
    return re.sub(r"[ \n\t]+", " ", content).strip()


@register.simple_tag
def pin(family: str) -> SafeString:
    """The pin of a family of activities: shape, colour and pictogram, as on the map."""
    shape = family if family in FAMILIES else "other"
    return format_html(
        '<svg class="pin pin-{}" aria-hidden="true"><use href="{}#{}"/></svg>', shape, asset("maps/img/pins.svg"), shape
    )
