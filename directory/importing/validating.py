"""A row -> a candidate, or a refusal with its reason. The database is not touched, but for the distances of points."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import islice

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from stdnum.fr import siret as siret_number

from directory.importing.candidates import Candidate, Fields, Note, Refusal
from directory.importing.casing import in_french_case, tidy
from directory.importing.errors import Refused
from directory.importing.locating import CommuneFinder, read_point, region_box, settle_pins
from directory.importing.mapping import Mapping
from directory.importing.people import PublicName, public_name
from directory.importing.reading import BadRow, Row
from directory.importing.wording import Wordings
from directory.models import PointOfSale
from directory.models.schedule import validate_opening_hours
from directory.vocabulary import Vocabulary
from geo.folding import fold
from geo.gazetteer import Gazetteer

Review = PointOfSale.Review
NAME_LENGTH, STREET_LENGTH, ID_LENGTH = 200, 250, 100
# Longer cells are not looked into: what was worked out for a cell is kept, and a file may hold anything.
LONGEST_CELL = 2_000
BATCH = 20_000
# Folding lengthens a text by its ligatures only: beyond this, two texts are not the same but for case and accents.
MAX_FOLDED_GROWTH = 12
LA_POSTE = "356000000"
# Luhn's doubling, the digits of the double added.
TWICE = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)

_EXPONENT = re.compile(r"\d+(?:[.,]\d+)?[eE]\+?\d+")
_PHONE = re.compile(r"\+?[0-9][0-9 .()/-]{4,18}")
_web_address = URLValidator(schemes=["http", "https"])


class Validator:
    """Checks the rows of one file against its mapping, the vocabulary and the gazetteer."""

    def __init__(self, mapping: Mapping, vocabulary: Vocabulary, places: Gazetteer):
        self.mapping = mapping
        self.wordings = Wordings(mapping, vocabulary)
        self.communes = CommuneFinder(places)
        self.region = region_box()

    def check(self, rows: Iterable[Row | BadRow]) -> Iterator[Candidate | Refusal]:
        """What each row becomes, in their order."""
        waiting = iter(rows)
        while batch := list(islice(waiting, BATCH)):
            checked = [self._check(row) for row in batch]
            candidates = [each for each in checked if isinstance(each, Candidate)]
            settle_pins(candidates)
            for candidate in candidates:
                candidate.sign()
            yield from checked

    def _check(self, row: Row | BadRow) -> Candidate | Refusal:
        if isinstance(row, BadRow):
            return Refusal(row.line, row.code, row.message)
        try:
            return self._candidate(row.line, row.cells)
        except Refused as refused:
            siret = read_siret_or_nothing(row.cells.get("siret", ""))
            external_id = row.cells.get("external_id") or siret
            return Refusal(
                row.line, refused.code, str(refused), external_id[:ID_LENGTH], row.cells["name"][:NAME_LENGTH]
            )

    def _candidate(self, line: int, cells: dict[str, str]) -> Candidate:
        cell = cells.get
        raw_siret = cell("siret", "")
        sold, notes = self.wordings.sold(cells["activities"], cell("products", ""), cell("kind", ""))
        self._refuse_what_is_no_shop(cells["name"], raw_siret)
        notes = list(notes)
        siret = read_siret(raw_siret, notes) if raw_siret else ""
        name = read_name(cells["name"])
        commune, postcode, more = self.communes.find(cell("commune", ""), cell("postcode", ""), cell("insee", ""))
        notes += more
        point = read_point(cell("lat_lon", ""), cell("lat", ""), cell("lon", ""), self.mapping.point, self.region)
        street = read_street(cell("street", ""), cells["name"])
        holds = [Review.NATURAL_PERSON.value] if name.natural_person else []
        if sold is None:
            holds.append(Review.UNKNOWN_ACTIVITY.value)
        fields = Fields(
            siret=siret,
            name=name.text,
            kind=sold.kind if sold else PointOfSale.Kind.SHOP.value,
            street=street,
            postcode=postcode,
            commune=commune.code,
            activities=list(sold.activities) if sold else [],
            products=list(sold.products) if sold else [],
            phone=_kept(cell("phone", ""), read_phone, notes, "invalid_phone"),
            email=_kept(cell("email", ""), _email, notes, "invalid_email"),
            website=_kept(cell("website", ""), _website, notes, "invalid_website"),
            opening_hours=_kept(cell("opening_hours", ""), _opening_hours, notes, "invalid_hours"),
            pin=None,
            pin_precision=self.mapping.point.precision if point is not None else "",
            doubtful=False,
            holds=holds,
        )
        given_id = cell("external_id", "") or siret
        if len(given_id) > ID_LENGTH:
            raise Refused("bad_id", f"an identifier may have {ID_LENGTH} characters")
        external_id = given_id or _made_id(fields)
        return Candidate(line, external_id, fields, commune, point, notes=notes, own_id=bool(given_id))

    def _refuse_what_is_no_shop(self, name: str, siret: str) -> None:
        pattern = self.mapping.not_shop_names
        if pattern is not None and (found := pattern.search(fold(name))):
            raise Refused("not_a_shop", f"the name says that it is not open to the public: {found[0]!r}")
        if siret.startswith(self.mapping.not_shop_sirens) and self.mapping.not_shop_sirens:
            raise Refused("not_a_shop", f"a SIREN that begins with {siret[:1]} is a public body's")


def read_siret(text: str, notes: list[Note]) -> str:
    """Fourteen digits. Raises Refused `siret_lost_digits` where a spreadsheet rounded them off, `invalid_siret`."""
    if _EXPONENT.fullmatch(text):
        raise Refused(
            "siret_lost_digits",
            f"the spreadsheet rounded the SIRET to {text}: format the column as text and export again",
        )
    if _is_plainly_valid(text):
        return text
    number = siret_number.compact(text)
    if number.isascii() and number.isdigit() and len(number) < 14 and siret_number.is_valid(number.zfill(14)):
        notes.append(Note("siret_padded", f"SIRET {text} lost its first zero"))
        number = number.zfill(14)
    if number[9:] == "00000":
        raise Refused("siret_lost_digits", f"SIRET {text}: its last digits were lost in a spreadsheet")
    try:
        return siret_number.validate(number)
    except siret_number.ValidationError as error:
        raise Refused("invalid_siret", f"SIRET {text!r}: {error}") from error


def _is_plainly_valid(text: str) -> bool:
    """Whether it is a SIRET beyond doubt: fourteen digits, both Luhn sums right. 2 µs, where stdnum takes 40.

    All that is not, stdnum judges, as it does those of La Poste, which have a rule of their own.
    """
    if len(text) != 14 or not (text.isascii() and text.isdigit()) or text.endswith("00000") or text[:9] == LA_POSTE:
        return False
    digits = [int(digit) for digit in text]
    whole = sum(digits[1::2]) + sum(TWICE[digit] for digit in digits[0::2])
    head = sum(digits[0:9:2]) + sum(TWICE[digit] for digit in digits[1:9:2])
    return whole % 10 == 0 and head % 10 == 0


def read_siret_or_nothing(text: str) -> str:
    """The SIRET if it can be read, for telling which known entry a refused row is."""
    try:
        return read_siret(text, []) if text else ""
    except Refused:
        return ""


@lru_cache(maxsize=65536)
def read_name(text: str) -> PublicName:
    """The name to show. Raises Refused `no_name`, `too_long`."""
    if len(text) > LONGEST_CELL:
        raise Refused("too_long", f"a name may have {NAME_LENGTH} characters")
    if not any(letter.isalpha() for letter in text):
        raise Refused("no_name", "no name is given" if not text else f"{text!r} is no name: it has no letter")
    name = public_name(text)
    if len(name.text) > NAME_LENGTH:
        raise Refused("too_long", f"a name may have {NAME_LENGTH} characters")
    return name


def read_street(text: str, name: str) -> str:
    """The street in French case; empty where the source repeats the name. Raises Refused `too_long`."""
    if not text or (_may_be_same(text, name) and fold(text) == fold(name)):
        return ""
    street = in_french_case(text).strip(" ,;") if len(text) <= LONGEST_CELL else text
    if len(street) > STREET_LENGTH:
        raise Refused("too_long", f"a street may have {STREET_LENGTH} characters")
    return street


def _may_be_same(text: str, name: str) -> bool:
    """Whether two texts may be the same once folded: a quick no for "5 RUE…" and "LE BISTROT"."""
    begins = (text[:1] + name[:1]).lower()
    if begins.isascii() and begins.isalnum() and begins[0] != begins[-1]:
        return False
    return abs(len(text) - len(name)) < MAX_FOLDED_GROWTH


def _made_id(fields: Fields) -> str:
    """An id for a row without any: the same row has the same id in the next file."""
    return f"{fold(fields['name'])[:60]}|{fields['commune']}|{fold(fields['street'])}"[:ID_LENGTH]


def _kept(text: str, check: Callable[[str], str], notes: list[Note], code: str) -> str:
    """A side value if it is sound; else nothing, and a note: it is no reason to refuse a merchant."""
    if not text:
        return ""
    try:
        return check(text)
    except (ValidationError, ValueError):
        notes.append(Note(code, f"left out, not valid: {text[:60]!r}"))
        return ""


def read_phone(text: str) -> str:
    if not _PHONE.fullmatch(text) or sum(char.isdigit() for char in text) < 6:
        raise ValueError(text)
    return text


def _email(text: str) -> str:
    validate_email(text)
    if len(text) > 254:
        raise ValueError(text)
    return text


def _website(text: str) -> str:
    address = (
        text if "://" in text or text.lower().startswith(("javascript:", "data:", "mailto:")) else f"https://{text}"
    )
    _web_address(address)
    if len(address) > 200:
        raise ValueError(text)
    return address


@lru_cache(maxsize=4096)
def _opening_hours(text: str) -> str:
    if len(text) > LONGEST_CELL:
        raise ValueError(text)
    validate_opening_hours(tidy(text))
    return tidy(text)
