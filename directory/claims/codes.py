"""Codes that a person reads from a letter or an e-mail and types: made, read with their slips, kept as digests only."""

from __future__ import annotations

import secrets

from django.utils.crypto import constant_time_compare

from directory import digests

# Neither 0 and O, nor 1, I and L, nor 5 and S. Its length is a prime: the check character below then catches every
# single wrong character and every two that changed places.
ALPHABET = "2346789ABCDEFGHJKMNPQRTUVWXYZ"
DRAWN = 9  # 29 ** 9 is 1.4 × 10 ** 13
DIGITS = 6


def letter_code() -> str:
    """Nine characters drawn at random and one that checks them."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(DRAWN))
    return drawn + _check(drawn)


def grouped(code: str) -> str:
    """As it is printed: "ABCDE-FGHJK"."""
    return f"{code[:5]}-{code[5:]}"


def read_letter(typed: str) -> str:
    """The code that somebody typed, in either case, with or without its dash; empty where a slip makes it none."""
    code = "".join(typed.split()).replace("-", "").upper()
    if len(code) != DRAWN + 1 or any(char not in ALPHABET for char in code):
        return ""
    return code if _check(code[:DRAWN]) == code[DRAWN] else ""


def contact_code() -> str:
    """Six digits."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def read_digits(typed: str) -> str:
    """The digits of what somebody typed: "123 456" is 123456."""
    return "".join(char for char in typed if char in "0123456789")


def digest(purpose: str, *parts: object) -> str:
    """A keyed digest: what is kept of a code. `parts` are the code, and what it is good for."""
    return digests.digest(f"claims.{purpose}", *parts)


def same(one: str, other: str) -> bool:
    """Whether two digests are one, in a time that does not tell how alike they are. An empty one is like none."""
    return bool(one) and constant_time_compare(one, other)


def _check(drawn: str) -> str:
    weighted = sum(place * ALPHABET.index(char) for place, char in enumerate(drawn, 2))
    return ALPHABET[weighted % len(ALPHABET)]
