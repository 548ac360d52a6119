"""Several workers on one queue, each with a connection of its own; one of them dies, or somebody writes meanwhile."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from directory.models import PinRequest, PointOfSale
from directory.pinning import enqueue, queue, working
from directory.pinning.placing import place_by_hand
from directory.pinning.working import work
from geo.points import Position
from tests.builders import at, centre_of, point_of_sale
from tests.geocoder import collection, feature

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def places():
    fields = {"pin_precision": "commune", "pin_source": "gazetteer"}
    made = [point_of_sale(str(n), street=f"{n + 1} rue du Change", **fields) for n in range(30)]
    enqueue([place.pk for place in made], "degraded")
    return made


def together(*jobs):
    """Runs the jobs at once, in threads; what each gave, or raised."""
    results = [None] * len(jobs)

    def run(n, job):
        try:
            results[n] = job()
        except BaseException as error:
            results[n] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_workers_share_the_queue_and_ask_nothing_twice(places, address_service, settings):
    settings.GEOCODER = settings.GEOCODER | {"timeout_s": 20.0}
    both = threading.Barrier(2)  # one worker asks one question at a time: two at once are two workers
    begun = threading.Event()

    def answer(_):
        if not begun.is_set():
            both.wait(10)
            begun.set()
        return 200, {}, collection(feature())

    address_service.answer = answer
    tallies = together(work, work)
    assert all(tally.settled for tally in tallies)
    assert sum(tally.moved for tally in tallies) == 30
    assert Counter(asked["q"] for asked in address_service.asked) == Counter(place.street for place in places)
    assert set(PointOfSale.objects.values_list("pin_precision", flat=True)) == {"housenumber"}
    assert PointOfSale.history.filter(history_change_reason="geocode degraded").count() == 30
    assert not queue.waiting().exists()


class Killed(BaseException):
    """Nothing that the worker could catch gives its rows back."""


def test_what_a_killed_worker_took_comes_back_when_its_lease_ends(places, address_service, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(working, "_place", lambda *_: (_ for _ in ()).throw(Killed()))
        with pytest.raises(Killed):
            work()
    assert work().settled == 20, "the others are not kept waiting"
    assert queue.waiting().count() == 10
    assert work().settled == 0
    lease = timezone.now() + queue.LEASE
    PinRequest.objects.filter(state="waiting", next_at__lte=lease).update(next_at=timezone.now())
    assert work().settled == 10
    assert set(PointOfSale.objects.values_list("pin_precision", flat=True)) == {"housenumber"}


def test_a_worker_that_is_interrupted_writes_what_it_has_and_gives_back_the_rest(places, address_service, monkeypatch):
    asked = []

    def resolve(address, **options):
        if len(asked) == 4:
            raise KeyboardInterrupt
        asked.append(address)
        return real(address, **options)

    real = working.resolve
    monkeypatch.setattr(working, "resolve", resolve)
    with pytest.raises(KeyboardInterrupt):
        work()
    assert PointOfSale.objects.filter(pin_precision="housenumber").count() == 4
    monkeypatch.undo()
    assert work().settled == 26


def meanwhile(address_service, write):
    """Somebody writes, and commits, while the service is being asked about the first address."""
    done = threading.Event()

    def answer(_):
        if not done.is_set():
            done.set()
            together(write)
        return 200, {}, collection(feature())

    address_service.answer = answer


def test_an_address_changed_while_it_is_asked_is_asked_again(places, address_service):
    first = places[0]
    meanwhile(address_service, lambda: PointOfSale.objects.filter(pk=first.pk).update(street="99 rue Haute"))
    assert work(limit=1).settled == 0
    first.refresh_from_db()
    assert first.pin_precision == "commune"
    PinRequest.objects.exclude(pk=first.pk).delete()
    work()
    assert address_service.asked[-1]["q"] == "99 rue Haute"
    first.refresh_from_db()
    assert first.pin_precision == "housenumber"


def test_a_pin_placed_by_hand_while_it_is_asked_stays(places, address_service):
    first, there = places[0], at(centre_of(), 45, 700)

    def write():
        place = PointOfSale.objects.get(pk=first.pk)
        place_by_hand(place, there, None)
        place.save()

    meanwhile(address_service, write)
    assert work(limit=1).moved == 0
    first.refresh_from_db()
    assert first.pin_precision == "manual"
    assert Position.from_geos(first.pin).distance_to(there) < 0.01


def test_who_asks_anew_while_it_is_asked_is_not_forgotten(places, address_service):
    first = places[0]
    meanwhile(address_service, lambda: enqueue([first.pk], "address_changed"))
    assert work(limit=1).settled == 0
    row = PinRequest.objects.get(pk=first.pk)
    assert (row.state, row.why) == ("waiting", "address_changed")
    assert row.next_at <= timezone.now()


def test_an_entry_that_somebody_is_writing_is_left_for_later(places, address_service):
    first = places[0]
    with transaction.atomic():
        PointOfSale.objects.select_for_update().get(pk=first.pk)
        (tally,) = together(lambda: work(limit=10))
    assert tally.settled == 9
    row = PinRequest.objects.get(pk=first.pk)
    assert (row.state, row.tries) == ("waiting", 0)
    assert timezone.now() + timedelta(seconds=50) < row.next_at <= timezone.now() + working.BUSY
