"""Prices as people write them: "3,50", "3 €50", "de 3 à 5 €", "8 € le pot". Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

# Above this somebody forgot the comma, or sells no local product.
MOST = Decimal(10_000)
LONGEST_UNIT = 30

_AMOUNT = r"\d{1,9}(?:[.,]\d{1,2})?"
_RANGE = rf"(?:de )?(?P<low>{_AMOUNT})(?: ?(?:€|euros?))?(?: ?(?:à|a|to|-|–) ?(?P<high>{_AMOUNT}))?"
_PRICE = re.compile(rf"{_RANGE}(?: ?(?:€|euros?))?", re.IGNORECASE)
# "8 € le pot", at the end of a line; the euro sign tells a price from a size ("pot de 500 g").
_AT_END = re.compile(
    rf"(?P<words>.*?[^\s\d:–-])[\s:–-]+(?P<price>{_RANGE} ?(?:€|euros?))"
    rf"(?: ?/ ?| (?:le |la |les |l['’]|par |per |the |a ))?(?P<unit>(?<=[ /'’])[^€]{{1,30}})?",
    re.IGNORECASE,
)
_CENTS_AFTER = re.compile(r"(\d+) ?(?:€|euros?) ?(\d{2})\b(?! ?€)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Price:
    """In euros; `high` where it is a range. `unit` is what it is the price of."""

    low: Decimal
    high: Decimal | None = None
    unit: str = ""


class NotAPriceError(ValueError):
    """What was typed is no price: `code` is unreadable, nothing, absurd or backwards."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def read_price(text: str, unit: str = "") -> Price | None:
    """The price that was typed; None for nothing. Raises NotAPriceError."""
    said = _spelt(text)
    if not said:
        return None
    found = _PRICE.fullmatch(said)
    if found is None:
        raise NotAPriceError("unreadable")
    return _checked(found, unit)


def split_price(line: str) -> tuple[str, Price | None]:
    """The words of a line, and the price that stands at its end. Raises NotAPriceError."""
    said = _spelt(line)
    found = _AT_END.fullmatch(said)
    if found is None:
        return " ".join(line.split()), None
    return found["words"].rstrip(" :–-"), _checked(found, (found["unit"] or "").strip())


def _spelt(text: str) -> str:
    """On one line, cents after a comma: "3 € 50" is "3,50 €"."""
    return _CENTS_AFTER.sub(r"\1,\2 €", " ".join(text.split()))


def _checked(found: re.Match[str], unit: str) -> Price:
    low, high = (Decimal(amount.replace(",", ".")) if amount else None for amount in (found["low"], found["high"]))
    if low is None or low == 0:
        raise NotAPriceError("nothing")
    if max(low, high or low) > MOST:
        raise NotAPriceError("absurd")
    if high is not None and high < low:
        raise NotAPriceError("backwards")
    return Price(low, None if high == low else high, unit[:LONGEST_UNIT])
