"""Codes that people read from paper and type."""

from __future__ import annotations

import pytest

from directory.claims import codes


def test_a_code_is_read_as_it_is_printed_and_as_people_type_it():
    code = codes.letter_code()
    for typed in (code, codes.grouped(code), codes.grouped(code).lower(), f" {code[:3]} {code[3:]} "):
        assert codes.read_letter(typed) == code


def test_one_wrong_character_is_no_code():
    code = codes.letter_code()
    for place, right in enumerate(code):
        for wrong in codes.ALPHABET.replace(right, ""):
            assert codes.read_letter(code[:place] + wrong + code[place + 1 :]) == ""


def test_two_that_changed_places_are_no_code():
    code = "2346789ABCD"[:9]
    code += codes._check(code)
    for one in range(len(code)):
        for other in range(one + 1, len(code)):
            swapped = [*code]
            swapped[one], swapped[other] = swapped[other], swapped[one]
            assert codes.read_letter("".join(swapped)) == "" or swapped == [*code]


@pytest.mark.parametrize("typed", ["", "ABCDE", "0OI1L-5S000", "é" * 10, "ABCDE-FGHJK-2"])
def test_what_is_no_code(typed):
    assert codes.read_letter(typed) == ""


def test_no_letter_of_the_alphabet_looks_like_another():
    assert not set("0O1IL5S") & set(codes.ALPHABET)
    assert len(codes.ALPHABET) == len(set(codes.ALPHABET)) == 29


def test_digests_tell_codes_and_their_uses_apart():
    made = codes.digest("letter", "ABC")
    assert codes.same(made, codes.digest("letter", "ABC"))
    assert not codes.same(made, codes.digest("contact", "ABC"))
    assert not codes.same("", "")
    assert codes.digest("contact", 1, 23) != codes.digest("contact", 12, 3)
