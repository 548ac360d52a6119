"""What a row sells: the source's wordings -> activities, kind and products, or the reason why it is no shop."""

from __future__ import annotations

from collections.abc import Iterable

from directory.importing.candidates import Note
from directory.importing.errors import Refused
from directory.importing.mapping import Mapping, Meaning, Verdict
from directory.models import PointOfSale, Term
from directory.vocabulary import Vocabulary
from geo.folding import fold

Kind = PointOfSale.Kind
# Of several kinds in one row, the first of these: a farm that also has a workshop is a farm; a shop that also caters
# is a shop.
KINDS = (
    Kind.FARM_GATE,
    Kind.RESTAURANT,
    Kind.SHOP,
    Kind.MARKET_STALL,
    Kind.VENDING_MACHINE,
    Kind.COLLECTION_POINT,
    Kind.WORKSHOP,
)
# The kind of an activity that the mapping does not spell out, by the head of its tree.
KIND_OF_ROOT = {
    "farming": Kind.FARM_GATE,
    "eating_out": Kind.RESTAURANT,
    "craft": Kind.WORKSHOP,
    "services": Kind.WORKSHOP,
}
# Longer cells are not kept in mind: a file may hold anything.
LONGEST_KEPT = 200
KIND_NAMES = {fold(name): kind for kind, label in Kind.choices for name in (kind, str(label))}


def _why(meaning: Verdict | None) -> str:
    return "is not in the mapping" if meaning is None else "does not tell what it is, says the mapping"


class Wordings:
    """The mapping's wordings, and the vocabulary's where the mapping asks for it. Each cell is read once."""

    def __init__(self, mapping: Mapping, vocabulary: Vocabulary):
        self.mapping, self.vocabulary = mapping, vocabulary
        self._words: dict[str, dict[str, str]] = {"activity": {}, "product": {}}
        if mapping.vocabulary_words:
            terms = Term.objects.filter(dimension__in=self._words).order_by("dimension", "rank")
            for term in terms:
                for word in (term.code, term.label_fr, term.label_en, *term.synonyms_fr, *term.synonyms_en):
                    self._words[term.dimension].setdefault(fold(word), term.code)
        self._read: dict[str, tuple[Meaning | None, list[Note], Refused | None]] = {}
        self._sold: dict[tuple[str, str, str], tuple[Meaning | None, list[Note]]] = {}

    def sold(self, activities: str, products: str, kind: str) -> tuple[Meaning | None, list[Note]]:
        """What the cells mean, or None where only unknown wordings stand. Raises Refused `not_a_shop`."""
        cells = (activities, products, kind)
        known = self._sold.get(cells)
        if known is None:
            known = self._meant(*cells)
            if len(activities) + len(products) + len(kind) <= LONGEST_KEPT:
                self._sold[cells] = known
        return known

    def _meant(self, activities: str, products: str, kind: str) -> tuple[Meaning | None, list[Note]]:
        if activities not in self._read:
            self._read[activities] = self._activities(activities)
        meaning, notes, refused = self._read[activities]
        if refused is not None:
            raise Refused(refused.code, str(refused))
        if not products and not kind:
            return meaning, notes
        also, more = self._products(products)
        notes = notes + more
        chosen = KIND_NAMES.get(fold(kind))
        if kind and chosen is None:
            notes.append(Note("unknown_kind", f"kind {kind!r} is not one of {', '.join(Kind.values)}"))
        if meaning is None:
            return None, notes
        codes = self._without_ancestors({*meaning.products, *also})
        return Meaning(meaning.activities, chosen or meaning.kind, codes), notes

    def _activities(self, cell: str) -> tuple[Meaning | None, list[Note], Refused | None]:
        words = [word.strip() for word in cell.split(self.mapping.activities_separator) if word.strip()]
        found = [(word, self._meaning(word)) for word in words]
        shops = [meaning for _, meaning in found if isinstance(meaning, Meaning)]
        strange = [(word, meaning) for word, meaning in found if meaning is None or meaning is Verdict.HELD]
        notes = [Note("unknown_activity", f"activity {word!r} {_why(meaning)}") for word, meaning in strange]
        if not words:
            notes.append(Note("unknown_activity", "no activity is given"))
        elif not shops and not strange:
            return None, [], Refused(Verdict.NOT_A_SHOP, f"not open to the public: {', '.join(words)}")
        if not shops:
            return None, notes, None
        activities = self._without_ancestors({code for meaning in shops for code in meaning.activities})
        products = self._without_ancestors({code for meaning in shops for code in meaning.products})
        kind = min((meaning.kind for meaning in shops), key=KINDS.index)
        return Meaning(activities, kind, products), notes, None

    def _meaning(self, word: str) -> Meaning | Verdict | None:
        key = fold(word)
        if key in self.mapping.meanings:
            return self.mapping.meanings[key]
        code = self._words["activity"].get(key)
        if code is None:
            return None
        root = self.vocabulary.by_id[self.vocabulary.by_code[code].path[-1]].code
        return Meaning((code,), KIND_OF_ROOT.get(root, Kind.SHOP))

    def _products(self, cell: str) -> tuple[set[str], list[Note]]:
        codes, notes = set(), []
        for word in (part.strip() for part in cell.split(self.mapping.products_separator)):
            code = self._words["product"].get(fold(word)) or self._code(word)
            if code is not None:
                codes.add(code)
            elif word:
                notes.append(Note("unknown_product", f"product {word!r} is not in the vocabulary"))
        return codes, notes

    def _code(self, word: str) -> str | None:
        return word if self.vocabulary.find("product", word) is not None else None

    def _without_ancestors(self, codes: Iterable[str]) -> tuple[str, ...]:
        """The codes, sorted, without those that another of them implies."""
        by_code = self.vocabulary.by_code
        implied = {ancestor for code in codes for ancestor in by_code[code].path[1:]}
        return tuple(sorted(code for code in codes if by_code[code].id not in implied))
