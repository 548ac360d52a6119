"""ARCEP's layouts: which columns a file has, and what each counts.

Source: ARCEP, "Ma connexion internet". Counts are of eligible premises. Speeds are cumulative: premises eligible to
30 Mbit/s are eligible to 8 as well. Technologies overlap. A premise may be served by satellite wherever it stands, so
what counts satellite tells nothing of a gap.
"""

from __future__ import annotations

from dataclasses import dataclass

from geo.models import CoverageFile

Name = CoverageFile.Layout

IDENTITY = ("code_insee", "nom_com", "code_dep", "code_reg", "nbr", "type")
DATE = "date"
SPEEDS = {
    "inel_hd": "inel",
    "elig_hd05": "0.5",
    "elig_hd3": "3",
    "elig_bhd8": "8",
    "elig_thd30": "30",
    "elig_thd100": "100",
    "elig_thd1g": "1000",
}
TECHNOLOGIES = {
    "elig_ftth": "ftth",
    "elig_coax": "coax",
    "elig_cu": "copper",
    "elig_thdr": "thd_radio",
    "elig_4gf": "fixed_4g",
    "elig_hdr": "hd_radio",
    "elig_sat": "satellite",
}
BEST = {
    "nbr_elig_8": "8",
    "elig_ftth": "ftth",
    "elig_coax": "coax",
    "elig_cu_30": "copper_30",
    "elig_thdr": "thd_radio",
    "elig_cu_8": "copper_8",
    "elig_4gf": "fixed_4g",
    "elig_hdr": "hd_radio",
    "elig_sat": "satellite",
}


@dataclass(frozen=True)
class Layout:
    """A kind of file. `columns` gives the indicator of each column of counts; readers put `prefix` before it.

    `cumulative` names the columns of which each counts at most what the one before it counts.
    """

    name: str
    columns: dict[str, str]
    prefix: str = ""
    cumulative: tuple[str, ...] = ()
    counts_satellite: bool = False

    @property
    def header(self) -> tuple[str, ...]:
        return (*IDENTITY, *self.columns, DATE)

    @property
    def indicators(self) -> tuple[str, ...]:
        """What readers of an edition call its counts."""
        return tuple(self.prefix + indicator for indicator in self.columns.values())


_FALLING = tuple(column for column in SPEEDS if column != "inel_hd")
LAYOUTS = {
    layout.name: layout
    for layout in (
        Layout(Name.WIRED_SPEEDS, SPEEDS, "", _FALLING),
        Layout(Name.TECHNOLOGIES, TECHNOLOGIES),
        Layout(Name.TERRESTRIAL_SPEEDS, SPEEDS, "terrestrial_", _FALLING),
        Layout(Name.BEST_TECHNOLOGY, BEST, "best_"),
        Layout(Name.ANY_SPEEDS, SPEEDS, "satellite_", _FALLING, counts_satellite=True),
    )
}
