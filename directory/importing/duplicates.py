"""Two rows, or a row and an entry, that are the same place: by name and distance, where SIRET does not tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from django.db import connection

from directory.importing.bulk import array
from directory.importing.candidates import Candidate
from directory.importing.likeness import Names
from geo.folding import fold
from geo.points import Position

# Metres between two pins of one place: two geocoders put an address at the gate and at the middle of a long plot.
NEAR_M = 150
# Degrees: a cell is wider than NEAR_M in the région (222 m by 208 m at 49° north), so neighbours suffice.
CELL_LAT, CELL_LON = 0.002, 1 / 350

NAMED = "place.id, coalesce(nullif(place.name, ''), merchant.name), coalesce(place.siret, '')"
# The cast is that of the index on the pin (`pos_pin_geography`).
NEAR = f"""
SELECT given.number, {NAMED}
FROM unnest(%s::int[], %s::float8[], %s::float8[]) AS given(number, lon, lat)
JOIN directory_pointofsale AS place
  ON ST_DWithin(place.pin::geography(POINT, 4326), ST_MakePoint(given.lon, given.lat)::geography, %s)
JOIN directory_merchant AS merchant ON merchant.id = place.merchant_id
WHERE place.status NOT IN ('closed', 'merged')
"""  # noqa: S608 - made of constants
# Where one of the two is known only to the commune, its name there decides; two SIRET that differ are two places.
IN_COMMUNE = f"""
SELECT place.commune_id, place.pin_precision IN ('', 'commune'), {NAMED}
FROM directory_pointofsale AS place
JOIN directory_merchant AS merchant ON merchant.id = place.merchant_id
WHERE place.status NOT IN ('closed', 'merged') AND place.commune_id = ANY(%s::text[])
  AND (place.siret IS NULL OR place.commune_id = ANY(%s::text[]))
  AND (place.pin_precision IN ('', 'commune') OR place.commune_id = ANY(%s::text[]))
"""  # noqa: S608 - made of constants
RECORDS = """
SELECT record.point_of_sale_id, array_agg(source.slug || ' ' || record.external_id)
FROM directory_sourcerecord AS record JOIN directory_source AS source ON source.id = record.source_id
WHERE record.point_of_sale_id = ANY(%s::bigint[])
GROUP BY record.point_of_sale_id
"""
# A cell is one number: rows of cells lie this far apart, and these are the steps to a cell and its neighbours.
ROW = 1_000_000
NEIGHBOURS = [i * ROW + j for i in (-1, 0, 1) for j in (-1, 0, 1)]


class Namesake(NamedTuple):
    """An entry with the same name at the same place."""

    id: int
    name: str
    siret: str


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
    alike = list(_alike(candidates))
    records = _records({other.id for _, other in alike})
    for candidate, other in alike:
        matches = found[candidate.line]
        if other in matches.same or other in matches.unsure:
            continue
        theirs = records.get(other.id, ())
        mine = {record.partition(" ")[2] for record in theirs if record.partition(" ")[0] == slug}
        told_apart = (candidate.fields["siret"] and other.siret) or (candidate.own_id and in_file & mine)
        # Without a record, people made it.
        (matches.unsure if told_apart or not theirs else matches.same).append(other)
    return found


def _alike(candidates: Sequence[Candidate]) -> Iterator[tuple[Candidate, Namesake]]:
    near = _near(candidates)
    for candidate in candidates:
        if not candidate.at_commune and (around := near.get(candidate.position)):
            yield from ((candidate, other) for other in around.alike(candidate.folded_name))
    by_commune = _in_communes(candidates)
    for candidate in candidates:
        for at_commune in _comparable(candidate):
            for with_siret in _tellable(candidate):
                there = by_commune.get((candidate.commune.code, with_siret, at_commune))
                for other in there.alike(candidate.folded_name) if there else ():
                    yield candidate, other


def _comparable(candidate: Candidate) -> tuple[bool, ...]:
    """Which others of the commune may be the same: those known only to the commune, or all if the candidate is so."""
    return (True, False) if candidate.at_commune else (True,)


def _tellable(candidate: Candidate) -> tuple[bool, ...]:
    """With which others a name decides: those without a SIRET, or all if the candidate has none. Two are two places."""
    return (False,) if candidate.fields["siret"] else (False, True)


def _near(candidates: Sequence[Candidate]) -> dict[Position, Names[Namesake]]:
    """The entries around each pin: many rows may stand on one, a commune's centre."""
    pins = list({c.position for c in candidates if not c.at_commune})
    found: dict[Position, Names[Namesake]] = defaultdict(Names)
    folded = lru_cache(maxsize=None)(fold)  # one entry has many neighbours
    if pins:
        columns = (range(len(pins)), (pin.lon for pin in pins), (pin.lat for pin in pins))
        with connection.cursor() as cursor:
            cursor.execute(NEAR, [*map(array, columns), NEAR_M])
            for number, *named in cursor:
                other = Namesake(*named)
                found[pins[number]].add(folded(other.name), other)
    return found


def _in_communes(candidates: Sequence[Candidate]) -> dict[tuple[str, bool, bool], Names[Namesake]]:
    """The entries that may be the same as a candidate: by commune, whether with a SIRET, whether known only to it."""
    communes = {c.commune.code for c in candidates}
    without_siret = {c.commune.code for c in candidates if not c.fields["siret"]}
    without_pin = {c.commune.code for c in candidates if c.at_commune}
    found: dict[tuple[str, bool, bool], Names[Namesake]] = defaultdict(Names)
    with connection.cursor() as cursor:
        cursor.execute(IN_COMMUNE, [array(codes) for codes in (communes, without_siret, without_pin)])
        for code, at_commune, *named in cursor:
            other = Namesake(*named)
            found[code, bool(other.siret), at_commune].add(fold(other.name), other)
    return found


def _records(ids: Collection[int]) -> dict[int, list[str]]:
    """The records of these entries, each as "source external-id"."""
    with connection.cursor() as cursor:
        cursor.execute(RECORDS, [array(ids)])
        return dict(cursor.fetchall())


class EarlierRows:
    """The rows of the file so far, to find one that is the same place as a later one."""

    def __init__(self) -> None:
        self._cells: dict[int, Names[Candidate]] = defaultdict(Names)
        # By commune, whether there is a SIRET (two are two places), and whether the place is known only to the commune
        # (two pins are compared by distance): so most rows need not be compared.
        self._communes: dict[tuple[str, bool, bool], Names[Candidate]] = defaultdict(Names)

    def same_as(self, candidate: Candidate) -> Candidate | None:
        """An earlier row of the same name and place, or None; the row then counts as an earlier one."""
        at_commune = candidate.at_commune
        found = (None if at_commune else self._around(candidate)) or self._in_commune(candidate)
        key = (candidate.commune.code, bool(candidate.fields["siret"]), at_commune)
        self._communes[key].add(candidate.folded_name, candidate)
        return found

    def _around(self, candidate: Candidate) -> Candidate | None:
        name, position = candidate.folded_name, candidate.position
        here = int(position.lat / CELL_LAT) * ROW + int(position.lon / CELL_LON)
        around = (cell for step in NEIGHBOURS if (cell := self._cells.get(here + step)))
        near = (
            other for cell in around for other in cell.alike(name) if position.distance_to(other.position) <= NEAR_M
        )
        found = next(near, None)
        self._cells[here].add(name, candidate)
        return found

    def _in_commune(self, candidate: Candidate) -> Candidate | None:
        for with_siret in _tellable(candidate):
            keys = ((candidate.commune.code, with_siret, at_commune) for at_commune in _comparable(candidate))
            firsts = (next(self._communes[key].alike(candidate.folded_name), None) for key in keys)
            if same := [other for other in firsts if other is not None]:
                return min(same, key=lambda other: other.line)
        return None
