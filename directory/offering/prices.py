"""Prices as people write them: "3,50", "3 €50", "de 3 à 5 €", "8 € le pot". Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

# Above this somebody forgot the comma, or sells no local product.
MOST = Decimal(10_000)
LONGEST_UNIT = 30

_AMOUNT = r"(?:\d{1,3}(?: \d{3})+|\d{1,9})(?:[.,]\d{1,2})?(?!\d)"
_EURO = r"(?: ?(?:€|euros?\b|eur\b))"
# Said of a price without being one: "à partir de 6 €" is shown as 6 €.
_ABOUT = r"(?:(?:à partir de|a partir de|à|dès|pour|environ|env\.?|from|about) )?"
_MONEY = (
    rf"{_ABOUT}(?:de |entre )?(?P<low>{_AMOUNT}){_EURO}?"
    rf"(?: ?(?:à|a|to|et|ou|or|-|–|/) ?(?P<high>{_AMOUNT}))?"
)
_ARTICLE = r"(?:le |la |les |l['’]|par |per |the |a |une? )"
_CONTAINER = (
    r"(?:pots?|bocal|bocaux|bouteilles?|barquettes?|bottes?|boîtes?|caisses?|cagettes?|cartons?|(?:demi-)?douzaines?|"
    r"kilos?|kg|litres?|lots?|paniers?|paquets?|parts?|pièces?|plateaux?|sachets?|sacs?|tranches?|unités?|verres?)\b"
)
_SIZE = r"\d+(?:[.,]\d+)? ?(?:kg|g|ml|cl|l)\b"
# What a price is for: after a stroke or an article; or a container or a size.
_FOR = rf"(?:(?: ?/ ?| (?={_ARTICLE}|{_CONTAINER}|{_SIZE})){_ARTICLE}?(?P<unit>[^€()]{{1,30}}))?"
_PRICE = re.compile(rf"{_MONEY}{_EURO}?{_FOR}", re.IGNORECASE)
# A line's words end in no figure, but a year: in "pommes 1 50 €" nobody can tell the price.
_WORDS = r"(?P<words>.*?(?:[^\s\d:=(–-]|\b(?:19|20)\d\d))"
_PER = rf"(?:[\s:=(–-]+{_ARTICLE}(?P<per>{_CONTAINER}|\d+))?"
# "8 € le pot", "le pot 8 €", "6 pour 2 €"; the euro sign tells a price from a size ("pot de 500 g").
_AT_END = re.compile(rf"{_WORDS}{_PER}[\s:=(–-]+{_MONEY}{_EURO}{_FOR}[ ).]*", re.IGNORECASE)
_SO_MANY = re.compile(
    rf"{_WORDS}[\s:=(–-]+(?:les )?(?P<per>\d+(?: [^\W\d]+)?) pour (?P<low>{_AMOUNT})(?P<high>){_EURO}(?P<unit>)[ ).]*",
    re.IGNORECASE,
)
# "3 €50", but not "9 € 75 cl", nor "7 € 12 bouteilles".
_CENTS_AFTER = re.compile(
    rf"(\d+){_EURO}(?:(\d\d)\b(?! ?(?:€|(?:g|ml|cl|l)\b))| (\d\d)(?= ?(?:$|[/)–-]|à |{_ARTICLE})))", re.IGNORECASE
)
_AMOUNT_FIRST = re.compile(rf"{_ABOUT}{_AMOUNT}{_EURO}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Price:
    """In euros; `high` where it is a range. `unit` is what it is the price of."""

    low: Decimal
    high: Decimal | None = None
    unit: str = ""


class NotAPriceError(ValueError):
    """What was typed is no price: `code` is unreadable, nothing, absurd or backwards; `line` is where, among many."""

    def __init__(self, code: str, line: str = ""):
        super().__init__(code)
        self.code, self.line = code, line


def read_price(text: str, unit: str = "") -> Price | None:
    """The price that was typed, with what it is for or else the `unit`; None for nothing. Raises NotAPriceError."""
    said = _spelt(text)
    if not said:
        return None
    found = _PRICE.fullmatch(said)
    if found is None:
        raise NotAPriceError("unreadable")
    return _checked(found, (found["unit"] or "").strip() or unit)


def split_price(line: str) -> tuple[str, Price | None]:
    """The words of a line, and the price that stands at its end; all of it is words where that is not sure.

    Raises NotAPriceError for a price that cannot be.
    """
    said = _spelt(line)
    found = _SO_MANY.fullmatch(said) or _AT_END.fullmatch(said)
    if found is None:
        return " ".join(line.split()), None
    return found["words"].rstrip(" .:=–-"), _checked(found, (found["unit"] or found["per"] or "").strip())


def says_more(part: str, before: str) -> tuple[bool, Price | None]:
    """Whether a part of a text is of what was named before it ("40 € le carton"), and the price that it then says."""
    words, price = split_price(f"x {part}")
    if words == "x":
        return True, price
    return bool(_AMOUNT_FIRST.match(part)) and not _AMOUNT_FIRST.match(before), None


def _spelt(text: str) -> str:
    """On one line, cents after a comma: "3 € 50" is "3,50 €"."""
    return _CENTS_AFTER.sub(lambda found: f"{found[1]},{found[2] or found[3]} €", " ".join(text.split()))


def _checked(found: re.Match[str], unit: str) -> Price:
    low, high = (
        Decimal(amount.replace(",", ".").replace(" ", "")) if amount else None
        for amount in (found["low"], found["high"])
    )
    if low is None or low == 0:
        raise NotAPriceError("nothing")
    if max(low, high or low) > MOST:
        raise NotAPriceError("absurd")
    if high is not None and high < low:
        raise NotAPriceError("backwards")
    return Price(low, None if high == low else high, unit[:LONGEST_UNIT])
