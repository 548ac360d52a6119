"""Which layout a file has, by its header; where several share one, by its name or as the caller says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from geo.coverage.importing.errors import UnreadableFile
from geo.coverage.layouts import LAYOUTS, Layout, Name
from geo.folding import fold

SOURCE = "ARCEP, Ma connexion internet"
LICENCE = "Licence Ouverte 2.0"
CODE = "code_insee"


@dataclass(frozen=True, slots=True)
class Shape:
    """How a file writes a layout. `columns` gives the indicator of each column of counts.

    `official`: as ARCEP publishes it, with `type`, `code_dep` and `date`. Otherwise a blank is 0, and "210.0" is 210.
    """

    layout: Layout
    columns: dict[str, str]
    premises: str
    name: str
    source: str
    official: bool = True

    @property
    def header(self) -> tuple[str, ...]:
        return self.layout.header if self.official else (CODE, self.name, self.premises, *self.columns)


# The technologies, as a portal of open data gives them once more.
REPUBLISHED = Shape(
    LAYOUTS[Name.TECHNOLOGIES],
    {
        "nb_locaux_fibre": "ftth",
        "nb_locaux_cable": "coax",
        "nb_locaux_dsl": "copper",
        "nb_locaux_thd_radio": "thd_radio",
        "nb_locaux_4g_fixe": "fixed_4g",
        "nb_locaux_hd_radio": "hd_radio",
        "nb_locaux_satellite": "satellite",
    },
    premises="nb_locaux",
    name="commune",
    source=f"{SOURCE} (republié)",
    official=False,
)
SHAPES = (*(Shape(layout, layout.columns, "nbr", "nom_com", SOURCE) for layout in LAYOUTS.values()), REPUBLISHED)


def recognise(name: str, header: Sequence[str], said: str | None = None) -> Shape:
    """The shape of the file of that name; `said` is the layout that the caller gives. Raises UnreadableFile."""
    fits = [shape for shape in SHAPES if set(shape.header) <= set(header)]
    if not fits:
        raise UnreadableFile(f"{name}: {_nearest(header)}")
    shared = ", ".join(shape.layout.name for shape in fits)
    by_name = _layout_in(name) if len(fits) > 1 else None
    if said and by_name and said != by_name:
        raise UnreadableFile(f"{name}: its name says {by_name}, --layout says {said}. Rename the file if it is wrong.")
    layout = said or by_name or fits[0].layout.name
    if len(fits) > 1 and not (said or by_name):
        raise UnreadableFile(
            f"{name}: {shared} have this header, and the file's name says none of them. Say which with --layout NAME "
            f"(what counts satellite, {Name.ANY_SPEEDS}, shows no gap)."
        )
    found = next((shape for shape in fits if shape.layout.name == layout), None)
    if found is None:
        raise UnreadableFile(f"{name}: its header is that of {shared}, not of {layout}.")
    return found


def _layout_in(name: str) -> str | None:
    """Which of the three files of speeds the name says: "commune_debit_filaire-2026T1 (1).csv"."""
    words = fold(Path(name).stem)
    clues = {"filaire": Name.WIRED_SPEEDS, "terrestre": Name.TERRESTRIAL_SPEEDS}
    said = [layout.value for clue, layout in clues.items() if clue in words]
    if not said and "commune debit" in words:
        return Name.ANY_SPEEDS.value
    return said[0] if len(said) == 1 else None


def _nearest(header: Sequence[str]) -> str:
    """What the layout with the most of these columns has besides."""
    nearest = max(SHAPES, key=lambda shape: len(set(shape.header) & set(header)) / len(shape.header))
    missing = [column for column in nearest.header if column not in header]
    if len(missing) == len(nearest.header):
        return f"no column of ARCEP's files of communes is there; one of {', '.join(LAYOUTS)} is expected."
    return f"the columns are of no layout; of {nearest.layout.name}, which is the nearest, {', '.join(missing)} lack."
