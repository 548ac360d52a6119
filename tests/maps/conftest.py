"""An agent of the région, at work."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from maps.admin.groups import AGENTS
from tests.maps.admin_desk import log_in


@pytest.fixture
def agent() -> User:
    user = User.objects.create_user("anne", is_staff=True)
    user.groups.add(Group.objects.get(name=AGENTS))
    return user


@pytest.fixture
def desk(agent) -> Client:
    """An agent at work."""
    return log_in(agent)
