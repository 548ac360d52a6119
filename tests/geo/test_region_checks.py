"""The system checks: each message says the remedy."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import call_command

from geo import checks

SECOND_REGION = Path(__file__).parents[1] / "fixtures" / "second_region" / "region.toml"


def ids(deploy: bool = True) -> list[str]:
    """The ids of our messages, from Django's own registry."""
    return [m.id for m in run_checks(include_deployment_checks=deploy) if m.id and m.id.startswith("geo.")]


@pytest.fixture
def region(settings: Any) -> dict[str, Any]:
    """A complete region file, free to be broken."""
    complete = {**settings.REGION, "legal": dict.fromkeys(checks.LEGAL, "contact@region.fr")}
    settings.REGION = complete
    return complete


def test_a_complete_region_passes(region: dict[str, Any]) -> None:
    assert ids() == []


@pytest.mark.parametrize("path", [None, SECOND_REGION])
def test_the_committed_regions_lack_nothing_but_real_contacts(settings: Any, path: Path | None) -> None:
    if path is not None:
        settings.REGION = tomllib.loads(path.read_text())
    assert ids() == ["geo.W001"] * 3
    assert ids(deploy=False) == []


@pytest.mark.parametrize("name", checks.LEGAL)
@pytest.mark.parametrize("blank", ["", "  ", None])
def test_a_legal_mention_that_is_missing_or_blank_stops_a_deployment(
    region: dict[str, Any], name: str, blank: str | None
) -> None:
    if blank is None:
        del region["legal"][name]
    else:
        region["legal"][name] = blank
    assert ids() == ["geo.E002"]
    assert ids(deploy=False) == []
    (message,) = checks.legal_mentions_are_complete()
    assert f"`{name}`" in message.msg
    assert name in message.hint


def test_a_region_without_legal_section_is_told_each_mention(region: dict[str, Any]) -> None:
    del region["legal"]
    assert ids() == ["geo.E002"] * len(checks.LEGAL)


@pytest.mark.parametrize("name", checks.REQUIRED)
def test_a_key_that_the_code_reads_is_always_required(region: dict[str, Any], name: str) -> None:
    del region[name]
    assert ids(deploy=False) == ["geo.E001"]


def test_an_example_contact_is_pointed_out(region: dict[str, Any]) -> None:
    region["legal"]["contact_email"] = "contact@example.org"
    (message,) = checks.legal_mentions_are_complete()
    assert (message.id, "contact@example.org" in message.msg) == ("geo.W001", True)


@pytest.mark.parametrize(("value", "expected"), [(None, "geo.W002"), ("/nowhere/libgdal.so", "geo.E003")])
def test_a_library_that_is_not_the_wheels_is_pointed_out(settings: Any, value: str | None, expected: str) -> None:
    settings.GDAL_LIBRARY_PATH = value
    (message,) = checks.libraries_are_found()
    assert message.id == expected
    assert "requirements.txt" in message.hint


def test_a_library_that_does_not_answer_is_pointed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> str:
        raise OSError("wrong ELF class")

    monkeypatch.setattr("django.contrib.gis.geos.geos_version", broken)
    (message,) = checks.libraries_are_found()
    assert message.id == "geo.E003"
    assert "wrong ELF class" in message.msg


def test_manage_py_check_runs_them(region: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check")
    assert "geo." not in capsys.readouterr().err
