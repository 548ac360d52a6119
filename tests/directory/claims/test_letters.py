"""Letters: to whom, how many, and what their codes open."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from directory.claims import codes, letters
from directory.claims.claiming import NotPossible
from directory.models import Claim, Letter, LetterBatch
from tests.builders import owned_place, point_of_sale
from tests.claims_data import owner_of

HERE = "192.0.2.1"


def printed(*places):
    made = letters.make(None, letters.due(again=True).filter(pk__in=[place.pk for place in places]))
    return {one.place.pk: one.code for one in made}


def due(**options):
    return {place.display_name for place in letters.due(**options)}


def test_the_code_of_the_letter_gives_the_entry_once(farm, anne, bruno):
    code = printed(farm)[farm.pk]
    letter = letters.of_code(code, HERE)
    claim = letters.use(letter, anne)
    assert (claim.state, claim.means, owner_of(farm)) == ("granted", "letter", anne)
    assert letters.use(letter, bruno) is None
    assert letters.of_code(code, HERE) is None


def test_it_opens_no_other_entry(farm, anne):
    other = point_of_sale("Ferme voisine")
    codes_of = printed(farm, other)
    letters.use(letters.of_code(codes_of[farm.pk], HERE), anne)
    assert (owner_of(farm), owner_of(other)) == (anne, None)


def test_of_an_entry_that_has_an_owner_it_makes_a_dispute(farm, anne, bruno):
    code = printed(farm)[farm.pk]
    farm.merchant.owner = bruno
    farm.merchant.save()
    claim = letters.use(letters.of_code(code, HERE), anne)
    assert (claim.state, owner_of(farm)) == ("disputed", bruno)
    assert Claim.objects.get().means == "letter"


def test_ones_own_letter_is_not_used_up(farm, anne):
    code = printed(farm)[farm.pk]
    farm.merchant.owner = anne
    farm.merchant.save()
    with pytest.raises(NotPossible):
        letters.use(letters.of_code(code, HERE), anne)
    assert letters.of_code(code, HERE) is not None


def test_the_code_is_kept_nowhere(farm):
    code = printed(farm)[farm.pk]
    kept = Letter.objects.values().get()
    assert code not in str(kept)
    assert kept["code"] == codes.digest("letter", code)


def test_a_letter_is_good_for_a_while_and_for_what_is_published(farm):
    code = printed(farm)[farm.pk]
    farm.status = "hidden"
    farm.save()
    assert letters.of_code(code, HERE) is None
    farm.status = "published"
    farm.save()
    assert letters.of_code(code, HERE) is not None
    LetterBatch.objects.update(made_at=timezone.now() - letters.VALID - timedelta(minutes=1))
    assert letters.of_code(code, HERE) is None


def test_guesses_are_counted_and_then_nothing_is_answered(farm):
    code = printed(farm)[farm.pk]
    assert letters.of_code("", HERE) is None  # a slip counts for nothing
    for _ in range(letters.MOST_WRONG):
        assert letters.of_code(codes.letter_code(), HERE) is None
    with pytest.raises(NotPossible):
        letters.of_code(code, HERE)
    assert letters.of_code(code, "192.0.2.2") is not None


def test_all_together_are_counted_too(farm, monkeypatch):
    monkeypatch.setattr(letters, "MOST_WRONG_IN_ALL", 3)
    for number in range(3):
        assert letters.of_code(codes.letter_code(), f"192.0.2.{number}") is None
    with pytest.raises(NotPossible):
        letters.of_code(printed(farm)[farm.pk], "192.0.2.9")


def test_who_is_written_to(farm):
    owned_place()
    point_of_sale("Brouillon", status="draft")
    point_of_sale("Sans rue", street="")
    point_of_sale("Inventée", demo=True)
    point_of_sale("Étal", merchant=farm.merchant, commune="41018")
    assert due() == {"Ferme des Prés"}


def test_nobody_is_written_to_twice_in_a_while_unless_asked(farm):
    printed(farm)
    assert due() == set()
    assert due(again=True) == {"Ferme des Prés"}
    LetterBatch.objects.update(made_at=timezone.now() - letters.VALID - timedelta(minutes=1))
    assert due() == {"Ferme des Prés"}


def test_a_batch_is_bounded_and_the_next_takes_the_rest(farm, monkeypatch):
    monkeypatch.setattr(letters, "MOST", 2)
    for number in range(2):
        point_of_sale(f"Ferme {number}", street=f"{number} rue du Test")
    assert [len(letters.make(None, letters.due())) for _ in range(3)] == [2, 1, 0]
    assert LetterBatch.objects.count() == 2
