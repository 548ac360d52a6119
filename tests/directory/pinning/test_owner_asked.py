"""An address that was changed in an outage: when it is found, its owner is asked, and no pin moves by itself."""

from __future__ import annotations

import pytest
from django.core import mail

from directory.models import OwnerNotice, PointOfSale
from directory.pinning import enqueue
from directory.pinning.working import work
from geo.points import Position
from maps import telling_owners
from tests.builders import at, owned_place
from tests.directory.pinning.test_queue import CHANGE, DOUBTFUL
from tests.geocoder import feature

pytestmark = pytest.mark.django_db
FAR = at(CHANGE, 0, 400)


def changed(precision: str) -> PointOfSale:
    place = owned_place(street="12 rue du Change", pin=FAR, pin_precision=precision, pin_source="ban", pin_score=0.9)
    enqueue([place.pk], "address_changed")
    return place


@pytest.mark.parametrize("precision", ["housenumber", "street", "locality"])
def test_the_owner_is_asked_which_to_keep(address_service, precision):
    place = changed(precision)
    address_service.says(feature())
    assert work().moved == 0
    place.refresh_from_db()
    assert Position.from_geos(place.pin).distance_to(FAR) < 1
    assert place.reviews == [DOUBTFUL]
    telling_owners.send()
    (letter,) = mail.outbox
    assert letter.to == [place.merchant.owner.email]
    assert "quelle épingle garder" in letter.body
    assert f"/mon-commerce/{place.pk}/epingle/" in letter.body


def test_a_stopgap_is_bettered_without_asking(address_service):
    place = changed("commune")
    address_service.says(feature())
    assert work().moved == 1
    assert not OwnerNotice.objects.exists()
    place.refresh_from_db()
    assert Position.from_geos(place.pin).distance_to(CHANGE) < 1
