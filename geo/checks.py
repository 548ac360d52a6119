"""System checks of the ground. Each message says the remedy.

geo.E001  the region file lacks something the service cannot do without
geo.E002  the region file lacks a legal mention (only under --deploy)
geo.E003  GDAL or GEOS cannot be used
geo.W001  a contact is still the example (only under --deploy)
geo.W002  GDAL or GEOS is not that of the installed wheels
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

REQUIRED = ("code", "name", "departements", "projected_srid", "time_zone", "communes_file", "bbox")
# What the law asks a French public service to say of itself (LCEN art. 6, GDPR art. 13, RGAA).
LEGAL = {
    "publisher": "who publishes the service",
    "publisher_address": "the publisher's postal address",
    "publication_director": "who answers for what is published",
    "host": "who hosts the service",
    "host_address": "the host's postal address",
    "dpo_email": "how to reach the data protection officer",
    "contact_email": "how to reach the service",
    "accessibility_email": "how to report an accessibility defect",
}
CONTACTS = tuple(name for name in LEGAL if name.endswith("_email"))
EXAMPLE_DOMAINS = ("@example.org", "@example.com", "@example.net")


@register("region")
def region_is_complete(**kwargs: Any) -> list[CheckMessage]:
    """The keys that the code reads stand in the region file."""
    return list(_lacking(settings.REGION))


def _lacking(region: dict[str, Any]) -> Iterator[CheckMessage]:
    for name in REQUIRED:
        if not region.get(name):
            yield Error(
                f"`{name}` is missing from {settings.REGION_FILE}.",
                hint="Copy the line from fixtures/region.toml and give it this région's value.",
                id="geo.E001",
            )


@register("region", deploy=True)
def legal_mentions_are_complete(**kwargs: Any) -> list[CheckMessage]:
    """Publisher, host, DPO and contacts are given and are no examples."""
    legal = settings.REGION.get("legal", {})
    return [*_blank(legal), *_examples(legal)]


def _blank(legal: dict[str, Any]) -> Iterator[CheckMessage]:
    for name, meaning in LEGAL.items():
        if not str(legal.get(name, "")).strip():
            yield Error(
                f"`{name}` ({meaning}) is missing from [legal] in {settings.REGION_FILE}.",
                hint=f'Write {name} = "…" under [legal] in that file.',
                id="geo.E002",
            )


def _examples(legal: dict[str, Any]) -> Iterator[CheckMessage]:
    for name in CONTACTS:
        address = str(legal.get(name, "")).strip()
        if address.endswith(EXAMPLE_DOMAINS):
            yield Warning(
                f"`{name}` in {settings.REGION_FILE} is {address}, an example that nobody reads.",
                hint="Give an address that reaches your service.",
                id="geo.W001",
            )


@register(Tags.compatibility)
def libraries_are_found(**kwargs: Any) -> list[CheckMessage]:
    """GDAL and GEOS load, from the wheels that requirements.txt pins."""
    return [*_library("GDAL", "pyogrio"), *_library("GEOS", "shapely")]


def _library(name: str, package: str) -> Iterator[CheckMessage]:
    setting = f"{name}_LIBRARY_PATH"
    path = getattr(settings, setting, None)
    remedy = f"Run `pip install -r requirements.txt` ({package}'s wheel carries {name}), or set {setting}."
    if path is None:
        yield Warning(f"{name} is the system's: the wheel of {package} has none.", hint=remedy, id="geo.W002")
    elif not Path(path).exists():
        yield Error(f"{setting} is {path}, which does not exist.", hint=remedy, id="geo.E003")
    elif fault := _fault(name):
        yield Error(f"{name} does not work: {fault}.", hint=remedy, id="geo.E003")


def _fault(name: str) -> str:
    """Why the library does not answer, or nothing."""
    try:
        if name == "GDAL":
            from django.contrib.gis.gdal import gdal_version

            gdal_version()
        else:
            from django.contrib.gis.geos import geos_version

            geos_version()
    except Exception as error:  # whatever ctypes or Django make of a library that is not one
        return str(error) or type(error).__name__
    return ""
