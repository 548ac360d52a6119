"""The queue of pins: what it asks, what it writes, and what it leaves alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from directory.models import PinRequest, PointOfSale, SearchEntry
from directory.pinning import enqueue, queue, working
from directory.pinning.working import work
from geo.points import Position
from tests.builders import VENDOME, at, centre_of, owner, point_of_sale
from tests.geocoder import BLOIS, FAULTS, collection, feature

pytestmark = pytest.mark.django_db

CHANGE = Position(1.0654, 47.7931)
Precision = PointOfSale.Precision
DOUBTFUL = "doubtful_pin"


def at_commune(name="Ferme du Change", **fields):
    """As an outage left it."""
    given = {"pin_precision": "commune", "pin_source": "gazetteer", "street": "12 rue du Change", "pin_score": 1.0}
    return point_of_sale(name, **(given | fields))


def request_of(place):
    return PinRequest.objects.get(pk=place.pk)


def moves_of(place):
    return place.history.filter(history_change_reason__startswith="geocode ")


def come_due():
    PinRequest.objects.filter(state="waiting").update(next_at=timezone.now())


def test_a_pin_is_refined_with_history_and_entry(address_service):
    place = at_commune(reviews=[DOUBTFUL])
    enqueue([place.pk], "degraded")
    tally = work()
    assert (dict(tally.outcomes), tally.moved, tally.doubtful, tally.away) == ({"housenumber": 1}, 1, 0, False)
    place.refresh_from_db()
    assert (Position.from_geos(place.pin), place.pin_precision, place.pin_source) == (CHANGE, "housenumber", "ban")
    assert (place.pin_score, place.pin_label, place.pin_by, place.reviews) == (
        0.95, "12 Rue du Change 41100 Vendôme", None, [],
    )  # fmt: skip
    version = place.history.first()
    assert (version.history_type, version.history_change_reason, version.pin_precision) == (
        "~", "geocode degraded", "housenumber",
    )  # fmt: skip
    assert Position.from_geos(SearchEntry.objects.get(pk=place.pk).public_point) == CHANGE
    assert (request_of(place).state, request_of(place).outcome) == ("done", "housenumber")


def test_it_asks_for_what_stands_in_the_entry(address_service):
    enqueue([at_commune(street="3 av. de la Gare", postcode="41106").pk], "asked")
    work()
    assert [(asked["q"], asked["citycode"]) for asked in address_service.asked] == [("3 avenue de la Gare", VENDOME)]


@pytest.mark.parametrize(
    ("by", "precision", "source"),
    [(False, "manual", "manual"), (True, "manual", "manual"), (True, "street", "ban"), (False, "commune", "manual")],
)
def test_a_pin_that_a_person_placed_or_confirmed_is_never_moved(address_service, by, precision, source):
    place = at_commune(pin_precision=precision, pin_source=source, pin_by=owner() if by else None)
    enqueue([place.pk], "asked")
    before = PointOfSale.objects.filter(pk=place.pk).values().get()
    assert work().moved == 0
    assert PointOfSale.objects.filter(pk=place.pk).values().get() == before
    assert not moves_of(place).exists()
    assert (request_of(place).state, request_of(place).outcome) == ("done", "manual")


def test_a_commune_that_an_agent_was_given_in_an_outage_is_refined(address_service):
    place = at_commune(pin_by=owner("agent@example.org"))
    enqueue([place.pk], "degraded")
    assert work().moved == 1
    place.refresh_from_db()
    assert (place.pin_precision, place.pin_by) == ("housenumber", None)


@pytest.mark.parametrize(("name", "why"), [*((name, "address_changed") for name in FAULTS), ("empty", "asked")])
def test_no_fault_loses_a_pin_and_only_an_outage_is_tried_again(address_service, name, why):
    fault, there = FAULTS[name], at(CHANGE, 90, 300)
    place = at_commune(pin=there, pin_precision="street", pin_source="ban")
    enqueue([place.pk], why)
    fault.play(address_service)
    assert work().moved == 0
    place.refresh_from_db()
    assert Position.from_geos(place.pin).distance_to(there) < 0.01
    assert (place.pin_precision, place.pin_source) == ("street", "ban")
    row = request_of(place)
    if fault.error is None:
        assert (row.state, row.outcome, row.tries) == ("done", fault.note, 0)
        assert (DOUBTFUL in place.reviews) is (why == "address_changed")
    else:
        assert (row.state, row.outcome, row.tries, place.reviews) == ("waiting", "provider_away", 1, [])
        assert row.next_at > timezone.now() + timedelta(seconds=1.5)
    address_service.recovers()
    come_due()
    assert work().settled == (0 if fault.error is None else 1)
    place.refresh_from_db()
    assert place.pin_precision == ("street" if fault.error is None else "housenumber")


def test_an_outage_stops_the_worker_and_the_queue_drains_when_it_is_over(address_service):
    places = [at_commune(str(n), street=f"{n + 1} rue du Change") for n in range(12)]
    enqueue([place.pk for place in places], "degraded")
    FAULTS["429 with Retry-After"].play(address_service)
    tally = work()
    assert (tally.away, tally.settled, len(address_service.asked)) == (True, 0, 1)
    rows = PinRequest.objects.filter(state="waiting").order_by("pk")
    assert [row.tries for row in rows] == [1] + [0] * 11
    told = [(row.next_at - timezone.now()).total_seconds() for row in rows[:10]]
    assert all(6 < wait <= 7 for wait in told), "what was taken waits as long as the service asked"
    address_service.recovers()
    come_due()
    tally = work()
    assert (tally.settled, tally.moved, tally.away) == (12, 12, False)
    assert not queue.waiting().exists()


def test_outages_are_tried_again_later_and_later_but_for_ever(address_service):
    place = at_commune()
    enqueue([place.pk], "degraded")
    FAULTS["503"].play(address_service)
    waits = []
    for _ in range(14):
        address_service.recovers(address_service.answer)
        come_due()
        work()
        waits.append((request_of(place).next_at - timezone.now()).total_seconds())
    assert waits[0] == pytest.approx(10, abs=1)  # the pause after a server's error
    assert waits[5] == pytest.approx(160, abs=1)
    assert waits[-1] == pytest.approx(6 * 3600, abs=1)
    assert (request_of(place).state, request_of(place).tries) == ("waiting", 14)


def test_an_answer_that_stays_unreadable_holds_nobody_back_and_ends(address_service):
    bad, good = at_commune("a", street="1 rue X"), at_commune("b", street="2 rue du Change")
    enqueue([bad.pk, good.pk], "degraded")
    address_service.answer = lambda asked: (200, {}, b"{" if "rue X" in asked["q"] else collection(feature()))
    assert dict(work().outcomes) == {"housenumber": 1}
    for _ in range(working.MOST_UNREADABLE):
        come_due()
        work()
    assert (request_of(bad).state, request_of(bad).outcome) == ("failed", "provider_error")
    bad.refresh_from_db()
    assert (bad.pin_precision, bad.reviews) == ("commune", [DOUBTFUL])
    asked = len(address_service.asked)
    come_due()
    work()
    assert len(address_service.asked) == asked


@pytest.mark.parametrize(
    ("there", "found", "why", "moves"),
    [
        ("street", "housenumber", "asked", True),
        ("street", "street", "asked", True),
        ("housenumber", "street", "asked", False),
        ("housenumber", "street", "address_changed", True),
        ("locality", "street", "no_pin", True),
        ("street", "municipality", "address_changed", False),
    ],
)
def test_a_pin_is_not_replaced_by_something_worse(address_service, there, found, why, moves):
    place = at_commune(pin=at(CHANGE, 0, 400), pin_precision=there, pin_source="ban", pin_score=0.9)
    enqueue([place.pk], why)
    address_service.says(feature(type=found))
    assert work().moved == moves
    place.refresh_from_db()
    assert (Position.from_geos(place.pin).distance_to(CHANGE) < 1) is moves


@pytest.mark.parametrize(
    ("there", "found", "why", "moves"),
    [(0.98, 0.56, "asked", False), (0.8, 0.8, "asked", True), (0.98, 0.56, "address_changed", True)],
)
def test_a_pin_of_the_same_precision_moves_only_to_a_score_as_good(address_service, there, found, why, moves):
    fields = {"pin_precision": "housenumber", "pin_source": "ban", "pin_score": there}
    place = at_commune(pin=at(CHANGE, 0, 400), **fields)
    enqueue([place.pk], why)
    address_service.says(feature(score=found))
    assert work().moved == moves
    place.refresh_from_db()
    assert (Position.from_geos(place.pin).distance_to(CHANGE) < 1) is moves


def test_the_same_commune_centre_leaves_no_trace_in_the_history(address_service):
    place = at_commune()
    enqueue([place.pk], "no_pin")
    address_service.says()
    tally = work()
    place.refresh_from_db()
    assert (tally.moved, tally.doubtful, place.reviews) == (0, 1, [DOUBTFUL])
    assert moves_of(place).count() == 1
    enqueue([place.pk], "no_pin")
    work()
    assert moves_of(place).count() == 1


def test_without_a_pin_the_commune_is_better_than_nothing(address_service):
    place = at_commune()
    PointOfSale.objects.update(pin=None, pin_precision="", pin_source="", street="")
    enqueue([place.pk], "no_pin")
    tally = work()
    place.refresh_from_db()
    assert (dict(tally.outcomes), place.pin_precision, place.reviews) == ({"no_street": 1}, "commune", [])
    assert Position.from_geos(place.pin).distance_to(centre_of()) < 0.01
    assert address_service.asked == []


@pytest.mark.parametrize(
    ("answer", "doubtful"),
    [
        ({}, False),
        ({"score": 0.81}, False),
        ({"score": 0.79}, True),
        ({"type": "street"}, False),
        ({"lon": 1.33, "lat": 47.59}, True),  # in Blois, whatever its code says
    ],
)
def test_a_pin_worth_a_look_is_marked_and_another_is_settled(address_service, answer, doubtful):
    places = [at_commune("a", reviews=["new"]), at_commune("b", reviews=["new", DOUBTFUL])]
    enqueue([place.pk for place in places], "degraded")
    address_service.says(feature(**answer))
    assert work().doubtful == 2 * doubtful
    for place in places:
        place.refresh_from_db()
        assert place.reviews == (["new", DOUBTFUL] if doubtful else ["new"])


def test_an_address_that_nobody_can_place_fails_and_is_to_be_looked_at(address_service):
    place = at_commune(status="draft", commune=VENDOME)
    PointOfSale.objects.update(commune=None, postcode="75001")
    enqueue([place.pk], "asked")
    assert dict(work().outcomes) == {"outside_region": 1}
    place.refresh_from_db()
    assert (request_of(place).state, place.pin_precision, place.reviews) == ("failed", "commune", [DOUBTFUL])


def test_look_ups_switched_off_leave_the_queue_as_it_is(address_service, settings):
    settings.GEOCODER = settings.GEOCODER | {"domain": ""}
    place = at_commune()
    enqueue([place.pk], "degraded")
    before = PinRequest.objects.values().get()
    assert work().settled == 0
    assert PinRequest.objects.values().get() == before


def test_limits_are_kept(address_service):
    places = [at_commune(str(n), street=f"{n + 1} rue du Change") for n in range(14)]
    elsewhere = at_commune("x", commune=BLOIS)
    enqueue([place.pk for place in [*places, elsewhere]], "degraded")
    assert work(limit=3).settled == 3
    assert work(seconds=0).settled == 0
    assert work(only=queue.Q(point_of_sale__commune__departement="28")).settled == 0
    steps = []
    assert work(limit=11, step=lambda tally: steps.append(tally.settled)).settled == 11
    assert steps == [10, 11]


def test_what_was_never_placed_is_found_and_what_was_asked_lately_is_not(address_service):
    wanted = [at_commune("a"), at_commune("b")]
    PointOfSale.objects.filter(pk=wanted[1].pk).update(pin=None, pin_precision="", street="")
    point_of_sale("placed")
    at_commune("no street", street="")
    at_commune("demo", demo=True)
    at_commune("closed", status="closed")
    at_commune("chosen", pin_source="manual")
    failed, waits = at_commune("failed"), at_commune("waits")
    enqueue([failed.pk, waits.pk], "degraded")
    PinRequest.objects.filter(pk=failed.pk).update(state="failed")
    assert list(queue.unplaced()) == wanted
    assert list(queue.unplaced(again_failed=True)) == [*wanted, failed]
    PinRequest.objects.update(asked_at=timezone.now() - timedelta(days=31))
    assert list(queue.unplaced()) == [*wanted, failed]
