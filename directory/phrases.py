"""How each term of the vocabulary is said inside a sentence: `fixtures/vocabulary/phrases.csv`, in memory.

A label stands well on a chip ("Élevage de porcs") but not in a sentence, which needs a plural, a gender, a partitive
article ("du fromage", "des œufs") or a preposition ("en agriculture biologique"). The columns:

- `one_fr`, `many_fr`, `one_en`, `many_en`: an activity's noun without article, singular and plural. A product has only
  the singular columns, worded to follow its verb; a label or service too, worded to follow a noun.
- `gender_fr`: `m` or `f`, for activities.
- `verb`: `sell` or `offer`, for products ("proposent la réparation de vélos").
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from django.conf import settings

from directory.vocabulary import plain, vocabulary

FILE = "phrases.csv"
Dimension = Literal["activity", "product", "label", "service"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """The wordings of one term; a field that its dimension does not need is empty."""

    one_fr: str
    one_en: str
    many_fr: str = ""
    many_en: str = ""
    gender_fr: str = ""
    verb: str = ""


def phrases() -> Mapping[str, Phrase]:
    """The phrases of the région's vocabulary by code, read once."""
    return _read(settings.VOCABULARY_DIR)


def phrase(dimension: Dimension, code: str) -> Phrase:
    """The phrase of a term; one made from its label where the file has none, less elegant but always grammatical."""
    known = phrases().get(code)
    return _from_label(dimension, code) if known is None else known


@cache
def _read(folder: Path) -> Mapping[str, Phrase]:
    """An absent file is an empty one: another région's vocabulary may come without."""
    path = folder / FILE
    if not path.exists():
        return MappingProxyType({})
    with path.open(encoding="utf-8", newline="") as file:
        return MappingProxyType({row.pop("code"): Phrase(**row) for row in csv.DictReader(file)})


def _from_label(dimension: Dimension, code: str) -> Phrase:
    """No plural, gender or article can be known from a label: frames that need none of them."""
    term = vocabulary().by_code.get(code)
    label_fr, label_en = (term.label_fr, term.label_en) if term else (code, code)
    fr, en = lowered(label_fr), lowered(label_en)
    quoted_fr, quoted_en = f"«\u00a0{fr}\u00a0»", f"“{en}”"
    match dimension:
        case "activity":
            return Phrase(
                f"adresse {quoted_fr}", f"{quoted_en} place", f"adresses {quoted_fr}", f"{quoted_en} places", "f"
            )
        case "product":
            return Phrase(f"des produits {quoted_fr}", en, verb="sell")
        case "label":
            return Phrase(f"avec le label {plain(label_fr)}", f"with the {plain(label_en)} label")
        case "service":
            return Phrase(f"avec {fr}", f"with {en}")


def lowered(label: str) -> str:
    """A label as it stands inside a sentence: no explanation, no first capital but an acronym's."""
    bare = plain(label)
    first = bare.split(" ", 1)[0]
    return bare if first[1:] != first[1:].lower() else bare[:1].lower() + bare[1:]
