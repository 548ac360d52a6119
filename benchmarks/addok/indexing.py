"""What addok is given: communes, the streets of the town halls, and invented streets whose names repeat.

The same for the same seed.
"""

from __future__ import annotations

import csv
import json
import math
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import shapely
from django.conf import settings

from geo.folding import fold
from geo.ground import document
from geo.ground.document import CommuneRecord
from geo.points import Position

SOURCE = Path(__file__)
TOWN_HALLS = Path(__file__).parent / "town_halls.csv"
STREETS = 50_000
SEED = 1
METRES_A_DEGREE = 111_200
# Between two houses, and from a town hall to the point of its street: found at the street alone, it is not found.
STEP_M, STREET_M = 25, 150
NUMBER = re.compile(r"(?P<first>\d+)(?:[-/](?P<second>\d+))?,?\s*(?P<suffix>bis|ter|[a-c]\b)?\s+", re.IGNORECASE)

# Borne by streets of hundreds of communes each, and by the town halls' own.
COMMON = (
    "Rue de la Mairie", "Grande Rue", "Rue de l'Église", "Place de l'Église", "Place de la Mairie", "Rue du Moulin",
    "Rue Principale", "Rue de la Gare", "Rue des Écoles", "Rue du Stade", "Rue du Château", "Rue de la Fontaine",
    "Rue du Lavoir", "Chemin des Vignes", "Route de Blois", "Route d'Orléans", "Route de Tours", "Impasse des Lilas",
    "Avenue du Général de Gaulle", "Rue Jean Moulin", "Rue Victor Hugo", "Rue Jules Ferry", "Rue du 8 Mai 1945",
    "Rue du 11 Novembre", "Place du Marché", "Rue Saint-Martin", "Rue Saint-Vincent", "Boulevard Jean Jaurès",
    "Avenue de la République", "Rue de la République", "Le Bourg", "Rue du Cimetière", "Rue des Tilleuls",
)  # fmt: skip
KINDS = ("Rue", "Rue", "Rue", "Chemin", "Route", "Impasse", "Allée", "Place", "Avenue", "Boulevard", "Sentier")
OF = (
    "des Acacias", "des Aubépines", "des Bleuets", "des Bouleaux", "des Cerisiers", "des Champs", "des Charmes",
    "des Chênes", "des Érables", "des Jardins", "des Jonquilles", "des Lilas", "des Marronniers", "des Mésanges",
    "des Noyers", "des Ormes", "des Peupliers", "des Pommiers", "des Prés", "des Rosiers", "des Sources", "des Saules",
    "du Bois", "du Clos", "du Coteau", "du Gué", "du Lac", "du Pont", "du Puits", "du Vieux Four", "de la Croix",
    "de la Forêt", "de la Garenne", "de la Grange", "de la Plaine", "de la Vallée", "de l'Étang", "de l'Ormeau",
    "de Bel Air", "de Beauregard", "de la Tuilerie", "de la Métairie", "de la Bergerie", "Saint-Jacques",
    "Saint-Pierre", "Saint-Hilaire", "Sainte-Anne", "Sainte-Catherine", "George Sand", "Jean Jaurès", "Louis Pasteur",
    "Marie Curie", "Émile Zola", "Ronsard", "Rabelais", "du Maréchal Leclerc", "du Docteur Roux", "Pierre Curie",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TownHall:
    """Where a town hall is, and its address as it gives it."""

    code: str
    street: str
    postcode: str
    city: str
    position: Position

    @property
    def numbers(self) -> list[str]:
        """The house numbers that it has: two for "6-8 rue de la Mairie"."""
        found = NUMBER.match(self.street)
        if found is None:
            return []
        suffix = f" {found['suffix'].lower()}" if found["suffix"] else ""
        return [f"{number}{suffix}" for number in (found["first"], found["second"]) if number]

    @property
    def name(self) -> str:
        """The street without the number, its hyphens as the national address base has them: in saints alone."""
        name = NUMBER.sub("", self.street, count=1)
        name = re.sub(r"(?<!\bSaint)(?<!\bSainte)(?<!\bSaints)-", " ", name)
        return name[:1].upper() + name[1:]


def town_halls() -> list[TownHall]:
    """Those with a street, in the order of their communes' codes."""
    with TOWN_HALLS.open(encoding="utf-8", newline="") as file:
        return [
            TownHall(r["code"], r["street"], r["postcode"], r["city"], Position(float(r["lon"]), float(r["lat"])))
            for r in csv.DictReader(file)
            if r["street"]
        ]


class Index:
    """Documents for addok, one street each, with the house numbers in it."""

    def __init__(self, streets: int = STREETS, seed: int = SEED):
        self.streets = streets
        self.draw = random.Random(seed)
        self.taken: set[tuple[str, str]] = set()
        self.count = 0

    @cached_property
    def communes(self) -> dict[str, CommuneRecord]:
        return {commune.code: commune for commune in document.load(settings.COMMUNES_FILE).communes}

    def write(self, path: Path) -> int:
        """One JSON document a line; how many."""
        with path.open("w", encoding="utf-8") as file:
            for row in self.rows():
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
        return self.count

    def rows(self) -> Iterator[dict[str, Any]]:
        for commune in self.communes.values():
            importance = min(0.2 + math.log10(max(commune.population, 1)) / 10, 0.9)
            yield self._row(commune, "municipality", commune.name, commune.postcodes, importance, commune.centre)
        for hall in town_halls():
            yield self._town_hall(hall)
        yield from self._invented()

    def _town_hall(self, hall: TownHall) -> dict[str, Any]:
        commune = self.communes[hall.code]
        self.taken.add((hall.code, fold(hall.name)))
        at = hall.position if not hall.numbers else self._off(hall.position, STREET_M)
        row = self._row(commune, "street", hall.name, [hall.postcode], 0.4, at)
        if hall.numbers:
            first = int(hall.numbers[0].split()[0])
            others = {str(n): (n - first) / 2 * STEP_M for n in range(first % 2, first + 12, 2) if n > 0 and n != first}
            row["housenumbers"] = self._houses(hall.position, others)
            row["housenumbers"] |= {number: _at(hall.position) for number in hall.numbers}
        return row

    def _invented(self) -> Iterator[dict[str, Any]]:
        """Streets spread over all communes, more of them where more people live."""
        communes = list(self.communes.values())
        weights = [5 + commune.population**0.5 for commune in communes]
        left = self.streets
        while left:
            for commune in self.draw.choices(communes, weights, k=left):
                name = self._name()
                if (key := (commune.code, fold(name))) in self.taken:
                    continue
                self.taken.add(key)
                left -= 1
                at = self._within(commune)
                row = self._row(commune, "street", name, commune.postcodes[:1], self.draw.uniform(0.2, 0.5), at)
                last = self.draw.randint(1, 8)
                row["housenumbers"] = self._houses(at, {str(n): (n - last / 2) * STEP_M for n in range(1, last + 1)})
                yield row

    def _name(self) -> str:
        if self.draw.random() < 0.35:
            return self.draw.choice(COMMON)
        return f"{self.draw.choice(KINDS)} {self.draw.choice(OF)}"

    def _row(
        self, commune: CommuneRecord, kind: str, name: str, postcodes: Any, importance: float, at: Position
    ) -> dict[str, Any]:
        self.count += 1
        return {
            "id": f"{commune.code}_{self.count:06}",
            "type": kind,
            "name": name,
            "postcode": list(postcodes),
            "citycode": commune.code,
            "city": commune.name,
            "context": f"{commune.departement}, Centre-Val de Loire",
            "importance": round(importance, 3),
            **_at(at),
        }

    def _houses(self, start: Position, metres: dict[str, float]) -> dict[str, dict[str, float]]:
        bearing = self.draw.uniform(0, 2 * math.pi)
        return {number: _at(_moved(start, bearing, distance)) for number, distance in metres.items()}

    def _off(self, position: Position, metres: float) -> Position:
        return _moved(position, self.draw.uniform(0, 2 * math.pi), metres)

    def _within(self, commune: CommuneRecord) -> Position:
        """Anywhere in the commune."""
        west, south, east, north = commune.contour.bounds
        while True:
            lon, lat = self.draw.uniform(west, east), self.draw.uniform(south, north)
            if shapely.contains_xy(commune.contour, lon, lat):
                return Position(lon, lat)


def _at(position: Position) -> dict[str, float]:
    return {"lon": round(position.lon, 6), "lat": round(position.lat, 6)}


def _moved(start: Position, bearing: float, metres: float) -> Position:
    """Flat: for tens of metres that will do."""
    north, east = metres * math.cos(bearing), metres * math.sin(bearing)
    lon = start.lon + east / (METRES_A_DEGREE * math.cos(math.radians(start.lat)))
    return Position(lon, start.lat + north / METRES_A_DEGREE)
