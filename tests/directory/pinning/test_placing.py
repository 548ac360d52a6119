"""Who may move a pin, what speaks against one, and what it was before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import Http404
from django.utils import timezone

from directory.models import PointOfSale
from directory.pinning import centre_of as commune_centre
from directory.pinning import may_move, place_at, place_by_hand
from directory.pinning.compass import seen_from
from directory.pinning.doubts import doubts, is_beyond, swapped
from directory.pinning.history import UNDO_FOR, address_changed_since, put_back, states, undoable
from directory.pinning.owners import MovedMeanwhileError, change, seen
from geo.geocoding import Candidate
from geo.points import Position
from tests.builders import VENDOME, at, centre_of, owned_place, owner

pytestmark = pytest.mark.django_db
BLOIS = "41018"


def move(place, metres, by, **known):
    return change(by, place, lambda row: place_by_hand(row, at(centre_of(), 90, metres), by), "déplacée", **known)


@pytest.mark.parametrize("bearing", range(0, 360, 15))
def test_the_nearest_of_eight_directions(bearing):
    metres, towards = seen_from(centre_of(), at(centre_of(), bearing + 1, 500))
    names = ["n", "ne", "e", "se", "s", "sw", "w", "nw"]
    assert towards == names[round((bearing + 1) / 45) % 8]
    assert metres == pytest.approx(500, abs=0.01)


class TestRule:
    @pytest.mark.parametrize(
        ("precision", "source", "person", "may"),
        [
            ("", "", False, True),
            ("housenumber", "ban", False, True),
            ("commune", "gazetteer", False, True),
            ("commune", "gazetteer", True, True),  # it stood in for an address during an outage
            ("commune", "manual", True, False),  # chosen as such
            ("commune", "manual", False, False),  # by an account that is gone
            ("street", "ban", True, False),
            ("manual", "manual", True, False),
            ("manual", "manual", False, False),
        ],
    )
    def test_what_a_person_placed_or_chose_stays(self, precision, source, person, may):
        place = PointOfSale(pin_precision=precision, pin_source=source, pin_by=owner() if person else None)
        assert may_move(place) is may


class TestDoubts:
    def told(self, metres, found=None, **fields):
        place = owned_place(pin=at(centre_of(), 90, metres), pin_precision="manual", **fields)
        return [(doubt.code, doubt.commune) for doubt in doubts(place, found)]

    def found(self, precision):
        return Candidate("12 Rue du Change", centre_of(), precision, 0.9, "ban", precision)

    def test_none_where_all_is_well(self):
        assert self.told(290, self.found("housenumber")) == []

    @pytest.mark.parametrize(("precision", "near", "far"), [("housenumber", 290, 310), ("street", 1990, 2010)])
    def test_far_from_where_the_address_is(self, precision, near, far):
        assert self.told(near, self.found(precision)) == []
        PointOfSale.objects.all().delete()
        assert self.told(far, self.found(precision)) == [("far_from_address", "")]

    def test_in_another_commune_which_it_names(self):
        place = owned_place(pin=centre_of(BLOIS))
        [doubt] = doubts(place)
        assert (doubt.code, doubt.commune) == ("outside_commune", "Blois")
        assert 20_000 < doubt.metres < 35_000

    def test_without_a_pin_and_at_the_commune(self):
        place = owned_place()
        place.pin = None
        assert [doubt.code for doubt in doubts(place)] == ["no_pin"]
        place_at(place, commune_centre(VENDOME))
        assert [doubt.code for doubt in doubts(place)] == ["commune_only"]

    def test_numbers_the_wrong_way_round(self):
        right = centre_of()
        assert not is_beyond(right)
        assert swapped(right) is None
        assert swapped(Position(right.lat, right.lon)) == right
        paris = Position(2.35, 48.86)
        assert is_beyond(paris)
        assert swapped(paris) is None


class TestChanging:
    def test_dated_attributed_confirmed_and_in_the_history(self):
        place = owned_place(reviews=["doubtful_pin"])
        me = place.merchant.owner
        row = move(place, 300, me, known=seen(place))
        place.refresh_from_db()
        assert (place.pin_precision, place.pin_by, place.reviews) == ("manual", me, [])
        assert timezone.now() - place.pin_at < timedelta(minutes=1)
        assert place.confirmed_at is not None
        record = row.history.first()
        assert (record.history_user, record.history_change_reason) == (me, "déplacée")

    def test_not_over_what_somebody_else_did_meanwhile(self):
        place = owned_place()
        opened = seen(place)
        move(place, 100, place.merchant.owner)
        with pytest.raises(MovedMeanwhileError) as raised:
            move(place, 300, place.merchant.owner, known=opened)
        assert raised.value.now.pin_precision == "manual"
        place.refresh_from_db()
        assert Position.from_geos(place.pin).distance_to(at(centre_of(), 90, 100)) < 0.1

    def test_not_by_somebody_else(self):
        place = owned_place()
        with pytest.raises(Http404):
            move(place, 100, owner("autre@example.org"))

    def test_far_outside_its_commune_it_is_looked_at(self):
        place = owned_place()
        assert move(place, 300, place.merchant.owner).reviews == []
        assert move(place, 30_000, place.merchant.owner).reviews == ["changed"]


class TestHistory:
    def test_states_are_those_of_the_pin_alone(self):
        place = owned_place()
        move(place, 100, place.merchant.owner)
        place.refresh_from_db()
        place.name = "Autre nom"
        place.save()
        found = states(place)
        assert [state.current for state in found] == [True, False]
        assert found[0].row.history_user == place.merchant.owner, "who moved it, not who saved it last"
        assert found[1].row.pin_source == "ban"

    def test_an_earlier_one_comes_back_as_a_change_of_today(self):
        place = owned_place(pin_hidden=True)
        me = place.merchant.owner
        row = change(me, move(place, 100, me), lambda now: setattr(now, "pin_hidden", False), "montrée")
        earlier = states(row)[-1].row
        count = row.history.count()
        row = change(me, row, lambda now: put_back(now, earlier, me, with_address=False), "remise")
        assert row.history.count() == count + 1
        assert Position.from_geos(row.pin).distance_to(centre_of()) < 0.1
        assert (row.pin_precision, row.pin_score, row.pin_hidden, row.pin_by) == ("housenumber", 0.9, True, me)
        assert not may_move(row)

    def test_the_address_comes_along_when_asked(self):
        place = owned_place()
        me = place.merchant.owner

        def elsewhere(row):
            row.street, row.postcode, row.commune_id = "2 rue Neuve", "41000", BLOIS

        row = change(me, place, elsewhere, "adresse")
        found = states(row)
        assert address_changed_since(found)
        kept = change(me, row, lambda now: put_back(now, found[1].row, me, with_address=False), "épingle")
        assert kept.commune_id == BLOIS
        assert not address_changed_since(states(kept))
        back = change(me, row, lambda now: put_back(now, found[1].row, me, with_address=True), "adresse")
        assert (back.street, back.commune_id) == ("1 rue du Test", VENDOME)

    def test_only_one_s_own_and_fresh_change_is_offered_to_be_undone(self):
        place = owned_place()
        me = place.merchant.owner
        assert undoable(states(place), me) is None
        row = move(place, 100, me)
        assert undoable(states(row), me).row.pin_source == "ban"
        assert undoable(states(row), owner("autre@example.org")) is None
        for record in row.history.all():
            record.history_date -= UNDO_FOR + timedelta(minutes=1)
            record.save()
        assert undoable(states(row), me) is None
