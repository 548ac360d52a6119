"""Where a platform serves: in words, and drawn on the server as inline SVG, complete without JavaScript."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from django.utils.translation import ngettext

from directory.models import Platform
from geo.gazetteer import CommuneEntry, gazetteer
from geo.points import Position
from geo.shapes import to_shapely
from maps.chips import Link
from maps.coverage.drawing import MARGIN, Frame, frame_of, path
from maps.drawing import Dot
from maps.outlines import ground, main_towns
from maps.plain.subjects import commune_path, departement_path

MOST_COMMUNES = 40  # named; a platform that serves more of them says how many
FEW = 3  # named in short
TOWNS = 4
APART = 70  # units between towns that are named


@dataclass(frozen=True)
class Territory:
    """`own` is the territory, on the land of the départements that it lies in."""

    width: int
    height: int
    land: str
    own: str
    towns: tuple[Dot, ...]


def areas(platform: Platform) -> tuple[list[Link], int]:
    """What a platform of `told()` names, the widest first, each with its page where it has one; how many are left."""
    known = gazetteer()
    wide = [Link(known.departements.get(code, code), departement_path(code)) for code in platform.departement_codes]
    wide += [Link(known.epcis.get(siren, siren), "") for siren in platform.epci_codes]
    communes = [entry for code in platform.commune_codes if (entry := known.commune(code))]
    communes.sort(key=lambda entry: known.rank(entry.code))
    named = [Link(entry.name, commune_path(entry)) for entry in communes[:MOST_COMMUNES]]
    return wide + named, len(communes) - len(named)


def in_short(platform: Platform) -> str:
    """ "Loiret, Blois Agglopolys, Orléans et 12 autres": a platform of `told()`."""
    named, left = areas(platform)
    names, left = [link.text for link in named[:FEW]], left + len(named[FEW:])
    more = ngettext("et {left} autre", "et {left} autres", left).format(left=left) if left else ""
    return f"{', '.join(names)} {more}".strip()


def drawn(platform: Platform) -> Territory | None:
    """None of a platform that serves nowhere yet, and before the communes are loaded."""
    codes = departements_of(platform)
    shapes = [shape for code, shape in ground().departements.items() if code in codes]
    if platform.territory is None or not shapes:
        return None
    frame = frame_of(*shapely.total_bounds(shapes))
    land = "".join(path(shape) for shape in frame.drawn(np.array(shapes)))
    own = path(frame.drawn(np.array([to_shapely(platform.territory)]))[0])
    return Territory(frame.width, frame.height, land, own, tuple(_towns(frame, codes)))


def departements_of(platform: Platform) -> set[str]:
    """Those that the territory of a platform of `told()` lies in."""
    communes, epcis = set(platform.commune_codes), set(platform.epci_codes)
    entries = gazetteer().entries
    return set(platform.departement_codes) | {
        entry.departement for entry in entries if entry.code in communes or entry.epci in epcis
    }


def _towns(frame: Frame, codes: set[str]) -> list[Dot]:
    """The largest town of each département; of one alone, a few that stand apart."""
    towns: list[CommuneEntry] = [town for town in main_towns() if town.departement in codes]
    if len(codes) == 1:
        towns = [entry for entry in gazetteer().entries if entry.departement in codes][: 10 * TOWNS]
    found: list[Dot] = []
    for town in towns:
        dot = _dot(frame, town.name, town.position)
        if len(codes) > 1 or all(abs(dot.x - other.x) + abs(dot.y - other.y) > APART for other in found):
            found.append(dot)
    return found if len(codes) > 1 else found[:TOWNS]


def _dot(frame: Frame, name: str, position: Position) -> Dot:
    x, y = (np.array([position.lon, position.lat]) - frame.corner) * frame.scale + MARGIN
    return Dot(name, round(float(x)), round(float(y)))
