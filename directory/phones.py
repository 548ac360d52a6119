"""Phone numbers as people in France write them, and as phones dial them."""

import re

FRENCH_NUMBER = re.compile(r"(?:\+33|0)([1-9]\d{8})")


def national(number: str, space: str = " ") -> str:
    """ "02 54 00 00 00"; a number of another form as it was given."""
    digits = FRENCH_NUMBER.fullmatch(re.sub(r"[\s.]", "", number))
    return space.join(f"0{digits[1]}"[i : i + 2] for i in range(0, 10, 2)) if digits else number


def international(number: str) -> str:
    """ "+33254000000"."""
    plain = re.sub(r"[^\d+]", "", number)
    digits = FRENCH_NUMBER.fullmatch(plain)
    return f"+33{digits[1]}" if digits else plain
