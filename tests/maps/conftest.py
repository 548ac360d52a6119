"""An agent of the région, at work; and a village where some are open."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from maps.admin.groups import AGENTS
from tests.builders import at, centre_of, point_of_sale
from tests.coverage_data import edition
from tests.directory.catalogue import schedule
from tests.maps.admin_desk import log_in
from tests.maps.coverage_reading import BLOIS, TOURS, VENDOME


@pytest.fixture
def agent() -> User:
    user = User.objects.create_user("anne", is_staff=True)
    user.groups.add(Group.objects.get(name=AGENTS))
    return user


@pytest.fixture
def desk(agent) -> Client:
    """An agent at work."""
    return log_in(agent)


@pytest.fixture
def village():
    """Cheese at 2.3, 8 and 12 km of Vendôme, and bread."""
    centre = centre_of()
    weekdays, sunday = schedule("Mo-Fr 09:00-12:30"), schedule("Su 09:00-12:00")
    return [
        point_of_sale("Chèvrerie du Loir", pin=at(centre, 0, 2_345), activities=["goat_farm"], schedule=weekdays,
                      products=["goat_cheese", "strawberries"], labels=["organic"]),
        point_of_sale("Ferme des Prés", pin=at(centre, 90, 8_000), activities=["dairy_farm"], products=["cow_cheese"],
                      schedule=sunday),
        point_of_sale("Ferme Léopoldine", pin=at(centre, 90, 12_000), products=["cheese"]),
        point_of_sale("Boulangerie", activities=["bakery"], products=["bread"], kind="shop", schedule=sunday),
    ]  # fmt: skip


@pytest.fixture
def figures(db):
    """Two communes of the Loir-et-Cher, one of them low-bandwidth, and one of the Indre-et-Loire."""
    return edition({VENDOME: (200, {"ftth": 20}), BLOIS: (1_000, {"ftth": 800}), TOURS: (3_000, {"ftth": 2_997})})
