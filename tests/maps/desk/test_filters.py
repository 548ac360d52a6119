"""The worklist's filters, from an address and back."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from directory.gaps.worklist import Filters
from geo.models import Departement
from maps.desk.filters import as_query, page_number, read_filters
from tests.builders import VENDOME
from tests.maps.desk.conftest import TOURS, official

pytestmark = pytest.mark.django_db


def read(query: str, user=None, besides=()):  # type: ignore[no-untyped-def]
    return read_filters(QueryDict(query), Departement.objects.get(pk="41"), user, besides)


class TestReading:
    def test_nothing_asked(self):
        filters, form = read("")
        assert filters == Filters("41")
        assert form.mistakes == []
        assert page_number(form) == 1

    def test_everything_asked(self, odile):
        query = (
            f"commune={VENDOME}&activity=farm&state=contacted&need=works&overdue=1&reported=1&left=1&sort=next&page=3"
        )
        filters, form = read(query)
        assert form.mistakes == []
        assert filters == Filters(
            "41", commune=VENDOME, activity="farm", state="contacted", need="works", overdue=True, reported=True,
            left=True, sort="next",
        )  # fmt: skip
        assert page_number(form) == 3

    def test_whose_cases(self, odile):
        pascal = official("pascal", "41")
        assert read("assignee=me", odile)[0].assignee == odile.pk
        assert read("assignee=none", odile)[0].assignee == 0
        assert read(f"assignee={pascal.pk}", odile)[0].assignee == pascal.pk

    @pytest.mark.parametrize(
        "query",
        [
            "state=open", "need=help", "activity=farms", "epci=243700754x", "commune=99999", f"commune={TOURS}",
            "assignee=0", "assignee=999999", "overdue=0", "left=oui", "reported=on", "sort=-priority", "page=0",
            "page=-1", "page=x", "page=99999999999", "state=%00", "colour=red", "state=contacted&state=refused",
            "commune=41269&epci=200018385",
        ],
    )  # fmt: skip
    def test_what_makes_no_sense_is_said_and_left_out(self, query):
        filters, form = read(query)
        name = query.partition("=")[0]
        assert len(form.mistakes) >= 1
        if name not in ("page", "colour") and "&" not in query:
            assert filters == Filters("41")

    def test_an_official_of_elsewhere_is_nobody_to_give_a_case_to(self):
        stranger = official("igor", "37")
        filters, form = read(f"assignee={stranger.pk}")
        assert filters.assignee is None
        assert len(form.mistakes) == 1

    def test_parameters_that_a_page_has_besides(self):
        assert read("format=csv", besides=["format"])[1].mistakes == []

    def test_communes_of_the_epci_chosen_alone(self):
        communes = dict(read("")[1].fields["commune"].choices)
        assert VENDOME in communes
        assert TOURS not in communes
        epci = next(siren for siren, name in read("")[1].fields["epci"].choices if "Vendôm" in name)
        narrowed = dict(read(f"epci={epci}")[1].fields["commune"].choices)
        assert VENDOME in narrowed
        assert 1 < len(narrowed) < len(communes)


class TestWriting:
    def test_the_defaults_are_not_written(self):
        assert as_query(Filters("41")) == ""

    def test_there_and_back(self, odile):
        filters = Filters(
            "41", commune=VENDOME, activity="farm", state="contacted", need="works", assignee=odile.pk, overdue=True,
            reported=True, left=True, sort="commune",
        )  # fmt: skip
        assert read(as_query(filters))[0] == filters
        assert read(as_query(filters.but(assignee=0)))[0] == filters.but(assignee=0)

    def test_more_beside_them(self):
        assert as_query(Filters("41", state="contacted"), page=2) == "state=contacted&page=2"
