"""`manage.py geocode --pending`."""

from __future__ import annotations

import time
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from directory import tasks
from directory.management.commands import geocode
from directory.models import PinRequest, PointOfSale
from directory.pinning import enqueue, working
from tests.builders import point_of_sale
from tests.geocoder import BLOIS, FAULTS, collection, feature

pytestmark = pytest.mark.django_db


@pytest.fixture
def unplaced(address_service):
    """Four entries at their commune's centre, one of them in the queue; a house, a street, and two that are not."""
    fields = {"pin_precision": "commune", "pin_source": "gazetteer"}
    streets = ("1 rue du Change", "rue du Change", "2 rue Absente", "3 rue Ailleurs")
    places = [point_of_sale(street, street=street, **fields) for street in streets]
    enqueue([places[0].pk], "degraded")

    def answer(asked):
        if "Absente" in asked["q"]:
            return 200, {}, collection()
        if "Ailleurs" in asked["q"]:
            return 200, {}, collection(feature(citycode=BLOIS))
        return 200, {}, collection(feature(type="housenumber" if asked["q"][0] == "1" else "street"))

    address_service.answer = answer
    return places


def run(*arguments):
    out = StringIO()
    code = 0
    try:
        call_command("geocode", "--pending", *arguments, stdout=out, no_color=True)
    except SystemExit as ending:
        code = ending.code
    return code, out.getvalue()


def lines(text):
    return [" ".join(line.split()) for line in text.splitlines()]


def test_it_places_what_waits_and_what_never_was_and_reports(unplaced):
    code, text = run()
    assert code == 0
    assert lines(text)[:6] == [
        "Placed 2", "at the house 1", "at the street 1",
        "At the commune's centre 2", "nothing found 1", "found in another commune only 1",
    ]  # fmt: skip
    assert "4 addresses in" in text
    assert "2 pins moved" in text
    assert "2 are doubtful" in text
    assert PinRequest.objects.filter(state="done").count() == 4
    code, text = run()
    assert "0 addresses" in text, "what was not found is not asked again the same month"
    assert "2 addresses" in run("--again-failed")[1]


def test_a_dry_run_asks_nobody(unplaced, address_service):
    code, text = run("--dry-run")
    assert (code, text.strip()) == (0, "1 wait in the queue; 3 more would be asked. Nobody was.")
    assert PinRequest.objects.count() == 1
    assert address_service.asked == []


def test_limit_and_departement(unplaced, address_service):
    assert "0 addresses" in run("--departement", "28")[1]
    assert "2 addresses" in run("--departement", "41", "--limit", "2")[1]
    assert "1 addresses" in run("--limit", "1")[1]
    with pytest.raises(CommandError, match="'75' is no département of the région: 18, 28"):
        run("--departement", "75")


def test_a_short_outage_is_waited_for(unplaced, address_service, monkeypatch):
    answer = address_service.answer
    FAULTS["429 with Retry-After"].play(address_service)
    waits = []

    def sleep(seconds):
        waits.append(seconds)
        address_service.recovers(answer)
        PinRequest.objects.filter(state="waiting").update(next_at=PinRequest.objects.earliest("asked_at").asked_at)

    monkeypatch.setattr(geocode, "time", SimpleNamespace(sleep=sleep, monotonic=time.monotonic))
    code, text = run()
    assert (code, len(waits)) == (0, 1)
    assert 6 < waits[0] <= 7
    assert "4 addresses" in text


def test_a_long_outage_is_left_to_the_workers(unplaced, address_service, monkeypatch):
    address_service.answers(503, Retry_After="300")
    monkeypatch.setattr(geocode, "time", SimpleNamespace(monotonic=time.monotonic))
    code, text = run()
    assert code == 1
    assert "The address service was away: 4 still wait" in text
    assert set(PointOfSale.objects.values_list("pin_precision", flat=True)) == {"commune"}


def test_interrupted_it_reports_and_goes_on_later(unplaced, monkeypatch):
    real = working.resolve

    def resolve(address, **options):
        if "Absente" in address.text:
            raise KeyboardInterrupt
        return real(address, **options)

    with monkeypatch.context() as patch:
        patch.setattr(working, "resolve", resolve)
        code, text = run()
    assert code == 130
    assert "2 addresses" in text
    assert "goes on where this one was" in text
    code, text = run()
    assert (code, "2 addresses" in text) == (0, True)


def test_look_ups_switched_off_are_said(unplaced, settings):
    settings.GEOCODER = settings.GEOCODER | {"domain": ""}
    with pytest.raises(CommandError, match="GEOCODER_DOMAIN is empty"):
        run()


def test_the_background_does_the_same(unplaced):
    assert tasks.ask_for_pins(0) == 3
    assert tasks.place_pins(0) == 4
    assert set(PinRequest.objects.values_list("why", "state")) == {("degraded", "done"), ("no_pin", "done")}
    assert (tasks.ask_for_pins(0), tasks.place_pins(0)) == (0, 0)
