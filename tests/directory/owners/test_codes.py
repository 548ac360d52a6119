"""How often a mailbox may be asked for, by requests that come at once too."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from directory.models import SignInCode
from directory.owners import codes

pytestmark = pytest.mark.django_db(transaction=True)


def test_twelve_at_once_get_no_more_than_one_after_the_other():
    all_there = threading.Barrier(12)
    refused = []

    def ask():
        all_there.wait(20)
        try:
            codes.ask("chevrier@example.org")
        except codes.TooMany:
            refused.append(1)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (SignInCode.objects.count(), len(refused)) == (3, 9)
