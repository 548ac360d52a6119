"""Two editions beside each other."""

from __future__ import annotations

from datetime import date

import pytest

from directory.gaps.comparing import compare
from geo.coverage.figures import editions
from tests.builders import VENDOME, point_of_sale
from tests.coverage_data import fibre

BLOIS, ROMORANTIN, SALBRIS, MER, TOURS = "41018", "41194", "41232", "41136", "37261"


@pytest.mark.django_db
def test_who_entered_who_left_who_got_worse():
    point_of_sale()
    earlier = fibre({VENDOME: 60, BLOIS: 40, ROMORANTIN: 40, SALBRIS: 40, TOURS: 60}, date(2025, 6, 30))
    later = fibre({VENDOME: 40, BLOIS: 60, ROMORANTIN: 38, SALBRIS: 40, MER: 10, TOURS: 10}, date(2025, 9, 30))
    known = editions()
    found = compare("41", known.figures(earlier), known.figures(later))
    assert [(change.commune.code, change.points_of_sale) for change in found.entered] == [(VENDOME, 1)]
    assert [change.commune.code for change in found.left] == [BLOIS]
    assert [change.commune.code for change in found.worse] == [ROMORANTIN]
    assert [entry.code for entry in found.unknown] == [MER]
    assert known.before(later) == earlier
