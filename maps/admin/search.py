"""The search box over points of sale and merchants: fast on 100,000 rows, whatever is typed.

- 14 digits: a SIRET; 9: a SIREN; 5: a postcode or an INSEE code; other numbers, and "#12345": the public id;
- anything else: every word must be in the merchant's name, in the place's own name, or begin a word of its commune.
  A word is looked for without case or accents by a regular expression ("epi" is `[eéèêë]p[iîï]`), which PostgreSQL
  serves from the trigram indexes on both names; the communes come from the gazetteer, in memory. Names are read from
  the merchants and not from the search entries, because drafts and hidden places have no entry.

On 100,000 points of sale, SQL of a whole list page: a number 3 to 6 ms, "ferme vendome" 40 ms, "fromagerie" (5,000
found, all counted) 95 ms; without the indexes of the models 27 to 560 ms. A word of one or two letters alone reads
both tables: 330 ms. No limit is put on what a word finds: cut short, two words together would miss entries.
"""

from __future__ import annotations

import re
from typing import Any

from django.db.models import Q, QuerySet

from directory.models import Merchant, PointOfSale
from geo.folding import fold
from maps.admin.ground import commune_codes, communes_with_word

# A trigram index has nothing to say of shorter words.
SHORTEST = 3
MOST_WORDS = 6
LARGEST_ID = 2**63 - 1

_VARIANTS = {
    "a": "[aàâäáãå]", "c": "[cç]", "e": "[eéèêë]", "i": "[iîïíì]", "n": "[nñ]", "o": "[oôöóòõ]", "u": "[uùûüú]",
    "y": "[yÿý]", "oe": "(oe|œ|o[éèêë])", "ae": "(ae|æ|a[éèêë])",
}  # fmt: skip
_PIECES = re.compile("oe|ae|.")


def accent_blind(word: str) -> str:
    """A regular expression for a folded word (letters and digits only), accents and ligatures allowed for."""
    return _PIECES.sub(lambda piece: _VARIANTS.get(piece[0], piece[0]), word)


def search_words(text: str) -> list[str]:
    """The words to look for: folded; short ones only where there is no other."""
    words = fold(text).split()[:MOST_WORDS]
    return [word for word in words if len(word) >= SHORTEST] or words


def digits_of(text: str) -> str:
    """The digits of a text made of nothing else ("775 675 739 00016"), or an empty string."""
    joined = re.sub(r"[\s.]+", "", text)
    return joined if joined.isascii() and joined.isdigit() and int(joined) <= LARGEST_ID else ""


def find_places(places: QuerySet[Any], text: str) -> QuerySet[Any]:
    """The points of sale that a search means; all of them for an empty text."""
    if text.strip().startswith("#") and (digits := digits_of(text.strip()[1:])):
        return places.filter(pk=int(digits))
    if digits := digits_of(text):
        return places.filter(_place_by_number(digits))
    for word in search_words(text):
        places = places.filter(pk__in=_with_word(word))
    return places


def _place_by_number(digits: str) -> Q:
    if len(digits) == 14:
        return Q(siret=digits)
    if len(digits) == 9:
        return Q(merchant__in=list(Merchant.objects.filter(siren=digits).values_list("pk", flat=True)))
    if len(digits) == 5:
        # An entry without a postcode is found by its commune's.
        return Q(postcode=digits) | Q(commune=digits) | Q(postcode="", commune__in=commune_codes(digits))
    return Q(pk=int(digits))


def _with_word(word: str) -> QuerySet[Any]:
    """Ids of the places one of whose names has the word: a union, so that each part uses its own index."""
    pattern = accent_blind(word)
    ids = PointOfSale.objects.order_by().values("pk")
    by_merchant = ids.filter(merchant__in=Merchant.objects.order_by().filter(name__iregex=pattern))
    by_own_name = ids.filter(name__iregex=pattern)
    return by_merchant.union(by_own_name, ids.filter(commune__in=communes_with_word(word)))


def find_merchants(merchants: QuerySet[Any], text: str) -> QuerySet[Any]:
    """The merchants that a search means: by name, SIREN, SIRET of one of their places, or e-mail address."""
    if digits := digits_of(text):
        return merchants.filter(_merchant_by_number(digits))
    if "@" in text:
        return merchants.filter(email__iexact=text.strip())
    for word in search_words(text):
        merchants = merchants.filter(name__iregex=accent_blind(word))
    return merchants


def _merchant_by_number(digits: str) -> Q:
    if len(digits) == 14:
        return Q(pk__in=PointOfSale.objects.order_by().filter(siret=digits).values("merchant"))
    return Q(siren=digits) if len(digits) == 9 else Q(pk=int(digits))
