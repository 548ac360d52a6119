"""Two rows, or a row and an entry, that are the same place: by name and distance, where SIRET does not tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.db import connection
from rapidfuzz import fuzz

from directory.importing.bulk import array
from directory.importing.candidates import Candidate
from geo.folding import fold
from geo.points import Position

# How alike two folded names must be, of 100: one letter in ten.
ALIKE = 90
# Metres between two pins of one place: two geocoders put an address at the gate and at the middle of a long plot.
NEAR_M = 150
# Degrees: a cell is wider than NEAR_M in the région (222 m by 208 m at 49° north), so neighbours suffice.
CELL_LAT, CELL_LON = 0.002, 1 / 350

COLUMNS = """
    place.id, coalesce(nullif(place.name, ''), merchant.name), coalesce(place.siret, ''),
    ARRAY(SELECT source.slug || ' ' || record.external_id FROM directory_sourcerecord AS record
          JOIN directory_source AS source ON source.id = record.source_id WHERE record.point_of_sale_id = place.id)
"""
# The cast is that of the index on the pin (`pos_pin_geography`).
NEAR = f"""
SELECT given.number, {COLUMNS}
FROM unnest(%s::int[], %s::float8[], %s::float8[]) AS given(number, lon, lat)
JOIN directory_pointofsale AS place
  ON ST_DWithin(place.pin::geography(POINT, 4326), ST_MakePoint(given.lon, given.lat)::geography, %s)
JOIN directory_merchant AS merchant ON merchant.id = place.merchant_id
WHERE place.status NOT IN ('closed', 'merged')
"""  # noqa: S608 - made of constants
# Where one of the two is known only to the commune, its name there decides; two SIRET that differ are two places.
IN_COMMUNE = f"""
SELECT place.commune_id, place.pin_precision IN ('', 'commune'), {COLUMNS}
FROM directory_pointofsale AS place
JOIN directory_merchant AS merchant ON merchant.id = place.merchant_id
WHERE place.status NOT IN ('closed', 'merged') AND place.commune_id = ANY(%s::text[])
  AND (place.siret IS NULL OR place.commune_id = ANY(%s::text[]))
"""  # noqa: S608 - made of constants
# A cell is one number: rows of cells lie this far apart, and these are the steps to a cell and its neighbours.
ROW = 1_000_000
NEIGHBOURS = [i * ROW + j for i in (-1, 0, 1) for j in (-1, 0, 1)]
# A row's folded name, whether it is known only to the commune, its position, and the row.
Earlier = tuple[str, bool, Position, Candidate]


@dataclass(frozen=True, slots=True)
class Namesake:
    """An entry with the same name at the same place. `records` are "source external-id"; none: people made it."""

    id: int
    name: str
    folded: str
    siret: str
    records: tuple[str, ...] = ()

    @classmethod
    def of(cls, id_: int, name: str, siret: str, records: Sequence[str]) -> Namesake:
        return cls(id_, name, fold(name), siret, tuple(records))


@dataclass(slots=True)
class Matches:
    """Whom a candidate may be the same as. `same`: surely enough to be joined."""

    same: list[Namesake] = field(default_factory=list)
    unsure: list[Namesake] = field(default_factory=list)


def namesakes(candidates: Sequence[Candidate], slug: str, in_file: set[str]) -> dict[int, Matches]:
    """The entries of the same name and place for each candidate, by line; those without any are left out.

    An entry that came from a source is taken for the same, unless both have a SIRET of their own, or the source gives
    them two identifiers that stand in this very file (`in_file`).
    """
    found: dict[int, Matches] = defaultdict(Matches)
    for candidate, other in _alike(candidates):
        matches = found[candidate.line]
        if any(other.id == each.id for each in (*matches.same, *matches.unsure)):
            continue
        mine = [record.partition(" ")[2] for record in other.records if record.partition(" ")[0] == slug]
        told_apart = (candidate.fields["siret"] and other.siret) or (candidate.own_id and in_file & set(mine))
        (matches.unsure if told_apart or not other.records else matches.same).append(other)
    return found


def _alike(candidates: Sequence[Candidate]) -> Iterator[tuple[Candidate, Namesake]]:
    names = [fold(candidate.fields["name"]) for candidate in candidates]
    for number, other in _near(candidates):
        if is_alike(names[number], other.folded):
            yield candidates[number], other
    by_commune = _in_communes(candidates)
    for candidate, name in zip(candidates, names, strict=True):
        for at_commune, other in by_commune.get(candidate.commune.code, ()):
            one_siret = not (candidate.fields["siret"] and other.siret)
            if (at_commune or candidate.at_commune) and one_siret and is_alike(name, other.folded):
                yield candidate, other


def is_alike(name: str, other: str) -> bool:
    """Whether two folded names are the same but for a slip."""
    return name == other or fuzz.ratio(name, other, score_cutoff=ALIKE) > 0


def _near(candidates: Sequence[Candidate]) -> Iterator[tuple[int, Namesake]]:
    rows = [(n, c.position.lon, c.position.lat) for n, c in enumerate(candidates) if not c.at_commune]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(NEAR, [*(array(column) for column in zip(*rows, strict=True)), NEAR_M])
            for number, id_, name, siret, records in cursor:
                yield number, Namesake.of(id_, name, siret, records)


def _in_communes(candidates: Sequence[Candidate]) -> dict[str, list[tuple[bool, Namesake]]]:
    all_codes = sorted({candidate.commune.code for candidate in candidates})
    without_siret = sorted({candidate.commune.code for candidate in candidates if not candidate.fields["siret"]})
    found: dict[str, list[tuple[bool, Namesake]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(IN_COMMUNE, [array(all_codes), array(without_siret)])
        for code, at_commune, id_, name, siret, records in cursor:
            found[code].append((at_commune, Namesake.of(id_, name, siret, records)))
    return found


class EarlierRows:
    """The rows of the file so far, to find one that is the same place as a later one."""

    def __init__(self) -> None:
        self._cells: dict[int, list[Earlier]] = {}
        # By commune and whether there is a SIRET: two SIRET are two places, so most rows need not be compared.
        self._communes: dict[tuple[str, bool], list[Earlier]] = {}

    def same_as(self, candidate: Candidate) -> Candidate | None:
        """An earlier row of the same name and place, or None; the row then counts as an earlier one."""
        row: Earlier = (fold(candidate.fields["name"]), candidate.at_commune, candidate.position, candidate)
        found = self._around(row) or self._in_commune(row)
        key = (candidate.commune.code, bool(candidate.fields["siret"]))
        self._communes.setdefault(key, []).append(row)
        return found

    def _around(self, row: Earlier) -> Candidate | None:
        name, at_commune, position, _ = row
        if at_commune:
            return None
        cells = self._cells
        here = int(position.lat / CELL_LAT) * ROW + int(position.lon / CELL_LON)
        found = None
        for step in NEIGHBOURS:
            for other_name, _, other_position, other in cells.get(here + step, ()):
                if is_alike(name, other_name) and position.distance_to(other_position) <= NEAR_M:
                    found = found or other
        cells.setdefault(here, []).append(row)
        return found

    def _in_commune(self, row: Earlier) -> Candidate | None:
        name, at_commune, _, candidate = row
        for with_siret in (False,) if candidate.fields["siret"] else (False, True):
            for other_name, other_at_commune, _, other in self._communes.get((candidate.commune.code, with_siret), ()):
                if (at_commune or other_at_commune) and is_alike(name, other_name):
                    return other
        return None
