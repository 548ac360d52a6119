"""What a file may change of the figures that stand: each commune has its figures whole from it, or keeps those it has.

What a file leaves out, or has wrong, is no reason to forget what the former file of that day said. Parts of a merged
commune are never mixed: those of two files may overlap, or leave a gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass

from geo.coverage.importing.checking import Checked, Counted
from geo.coverage.importing.errors import UnreadableFile
from geo.coverage.importing.report import Outcome
from geo.coverage.importing.writing import Standing
from geo.gazetteer import Gazetteer

# A file that lacks more of the communes than this was cut short, or is of a part of the région.
MAY_LACK = 0.05


@dataclass(frozen=True, slots=True)
class Settled:
    """`counted` is what is to stand, by the codes of the files; `kept` are communes of today that keep what they had.

    `absent` are those of `kept` of which the file has no line.
    """

    counted: dict[str, Counted]
    kept: Set[str] = frozenset()
    absent: Set[str] = frozenset()


def settle(name: str, checked: Checked, standing: Standing, ground: Gazetteer, replace: bool) -> Settled:
    """What is to stand after the file of that name; refuses lines of `checked` that would leave a commune incomplete.

    With `replace`, communes of which the file has no line, or no longer every part, are not kept. Raises
    UnreadableFile for one that lacks too many of them.
    """
    if standing.file is None:
        return Settled(dict(checked.counted))
    before, parts = _by_commune(standing.counted, ground), _by_commune(checked.counted, ground)
    named = {home.commune for home in checked.homes.values()}
    absent: Set[str] = before.keys() - named
    if not replace:
        short = {
            commune: gone for commune in parts.keys() & before.keys() if (gone := before[commune] - parts[commune])
        }
        lost = len(absent) + len(short)
        if parts and lost > MAY_LACK * len(before):
            raise UnreadableFile(_cut_short(name, standing, lost, len(before)))
        checked.refuse({commune: _without(commune, gone, standing) for commune, gone in short.items()})
        parts = {commune: codes for commune, codes in parts.items() if commune not in short}
    kept = {commune for commune in before.keys() - parts.keys() if commune in named or not replace}
    _say_kept(checked, kept, standing)
    rows = {code: standing.counted[code] for commune in kept for code in before[commune]}
    return Settled(checked.counted | rows, kept, absent & kept)


def _by_commune(codes: Iterable[str], ground: Gazetteer) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for code in codes:
        entry = ground.commune(code)
        found.setdefault(entry.code if entry else code, set()).add(code)
    return found


def _cut_short(name: str, standing: Standing, lost: int, of: int) -> str:
    return (
        f"{name}: it lacks {lost:,} of the {of:,} communes that {standing.name} has of {standing.day} "
        f"({standing.layout}), more than {MAY_LACK:.0%}: was it cut short? If it is to take their figures away, say "
        "--replace. Nothing was written."
    )


def _without(commune: str, gone: Iterable[str], standing: Standing) -> str:
    return (
        f"{commune} would be incomplete without {', '.join(sorted(gone))}, of which {standing.name} has figures; say "
        "--replace if it is whole"
    )


def _say_kept(checked: Checked, kept: Set[str], standing: Standing) -> None:
    for place, line in enumerate(checked.lines):
        home = checked.homes.get(line.line)
        if home and line.outcome is Outcome.REFUSED and home.commune in kept:
            message = f"{line.message}; the figures of {home.commune} are kept from {standing.name}"
            checked.lines[place] = line._replace(message=message)
