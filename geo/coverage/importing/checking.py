"""One line -> its commune and counts, or why it cannot be taken; and the day that a file tells of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from django.utils import timezone

from geo.coverage.importing import communes
from geo.coverage.importing.communes import legible
from geo.coverage.importing.errors import Refused, UnreadableFile
from geo.coverage.importing.reading import Contents, Line, parse_day
from geo.coverage.importing.recognising import CODE, Shape
from geo.coverage.importing.report import LineResult, Outcome
from geo.gazetteer import Gazetteer

Cells = dict[str, str]
Tell = Callable[[int], None]
ALL_PREMISES = "all"
# Nine digits: no commune has a thousand million premises, and the database's column holds no more than twice that.
_WHOLE = re.compile(r"[0-9]{1,9}")
_WHOLE_WITH_POINT = re.compile(r"([0-9]{1,9})(?:\.0+)?")


@dataclass(frozen=True, slots=True)
class Counted:
    """What a line says of a commune."""

    premises: int
    eligible: dict[str, int]


class Home(NamedTuple):
    """Where a line of the région belongs: the commune of today, and the code of one that may have merged into it."""

    commune: str
    code: str


@dataclass(slots=True)
class Checked:
    """The lines of a file, each with what becomes of it. `counted` goes by the code of the file, former ones too."""

    lines: list[LineResult] = field(default_factory=list)
    counted: dict[str, Counted] = field(default_factory=dict)
    homes: dict[int, Home] = field(default_factory=dict)  # by the number of the line, loaded or refused

    def refuse(self, reasons: Mapping[str, str]) -> None:
        """Refuse every line that was taken of these communes of today, each for its reason."""
        for place, line in enumerate(self.lines):
            if line.outcome is Outcome.LOADED and (reason := reasons.get(self.homes[line.line].commune)):
                self.lines[place] = line._replace(outcome=Outcome.REFUSED, code="incomplete", message=reason)
                del self.counted[line.commune]

    def lacking(self) -> dict[str, list[int]]:
        """By commune of today, the lines whose refusal leaves a part of it without figures."""
        found: dict[str, list[int]] = {}
        for line in self.lines:
            home = self.homes.get(line.line)
            if home and line.outcome is Outcome.REFUSED and home.code not in self.counted:
                found.setdefault(home.commune, []).append(line.line)
        return found


def day_of(contents: Contents, shape: Shape, given: date | None) -> date:
    """The day that most lines tell of; of a file without dates, the one given. Raises UnreadableFile."""
    if not shape.official:
        day = given
        if day is None:
            raise UnreadableFile(
                f"{contents.name}: there is no date in this file. Say which day it tells of: --date YYYY-MM-DD"
            )
    else:
        column = contents.header.index("date")
        dates = Counter(line.values[column] for line in contents.lines if not line.fault)
        day = next((day for text, _ in dates.most_common() if (day := parse_day(text))), None)
        if day is None:
            raise UnreadableFile(f"{contents.name}: no line has a date such as 2024-12-31 in the column `date`.")
    if day > timezone.localdate():
        raise UnreadableFile(f"{contents.name}: {day} is to come; figures tell of a day gone by.")
    return day


class Checker:
    """The lines of one file, checked one by one."""

    def __init__(self, contents: Contents, shape: Shape, day: date, ground: Gazetteer):
        self.contents, self.shape, self.day, self.ground = contents, shape, day, ground
        self.checked = Checked()
        self._seen: dict[str, int] = {}

    def check(self, tell: Tell) -> Checked:
        """All lines; `tell` is called with how many are done."""
        for done, line in enumerate(self.contents.lines, 1):
            self.checked.lines.append(self._result(line))
            if done % 500 == 0:
                tell(done)
        # Its other parts alone would pass for the whole.
        self.checked.refuse(
            {
                commune: f"{commune} would be incomplete without line {', '.join(map(str, lines))}"
                for commune, lines in self.checked.lacking().items()
            }
        )
        return self.checked

    def _result(self, line: Line) -> LineResult:
        if line.fault:
            return self._refused(line, self._hint(line), Refused("bad_shape", line.fault))
        cells = self.contents.cells(line)
        code = cells[CODE]
        if cells.get("type", ALL_PREMISES) != ALL_PREMISES:
            return LineResult(line.number, Outcome.SKIPPED, "other_type", "not of all premises", legible(code))
        try:
            entry = communes.find(self.ground, code, cells[self.shape.name], cells.get("code_dep", ""))
            if entry is None:
                return LineResult(line.number, Outcome.OUTSIDE, "other_region", "", code)
            counted = self._counted(cells, code)
        except Refused as refusal:
            return self._refused(line, code, refusal)
        self.checked.counted[code] = counted
        self.checked.homes[line.number] = Home(entry.code, code)
        self._seen[code] = line.number
        return LineResult(line.number, Outcome.LOADED, *communes.former(code, entry), code)

    def _refused(self, line: Line, code: str, refusal: Refused) -> LineResult:
        """The line's refusal; what it was about is noted as far as its code can be guessed."""
        meant = communes.meant(code)
        if entry := self.ground.commune(meant):
            self.checked.homes[line.number] = Home(entry.code, meant)
        return LineResult(line.number, Outcome.REFUSED, refusal.code, str(refusal), legible(code))

    def _hint(self, line: Line) -> str:
        place = self.contents.header.index(CODE)
        return line.values[place].strip(' "') if place < len(line.values) else ""

    def _counted(self, cells: Cells, code: str) -> Counted:
        if code in self._seen:
            raise Refused("twice", f"{code} stands on line {self._seen[code]} already")
        if self.shape.official and parse_day(cells["date"]) != self.day:
            raise Refused("other_date", f"it is of {legible(cells['date'])!r}, the file of {self.day}")
        premises = self._number(cells, self.shape.premises)
        counts = {column: self._number(cells, column, blank=not self.shape.official) for column in self.shape.columns}
        self._weigh(premises, counts)
        return Counted(premises, {self.shape.columns[column]: count for column, count in counts.items()})

    def _number(self, cells: Cells, column: str, blank: bool = False) -> int:
        text = cells[column]
        if blank and not text:
            return 0
        match = (_WHOLE if self.shape.official else _WHOLE_WITH_POINT).fullmatch(text)
        if match is None:
            raise Refused("bad_number", f"{column} is {legible(text)!r}: a whole number, 0 or more, is expected")
        return int(match[match.lastindex or 0])

    def _weigh(self, premises: int, counts: dict[str, int]) -> None:
        """Raises Refused for numbers that cannot be together."""
        whole = f"{self.shape.premises} ({premises})"
        for column, count in counts.items():
            if count > premises:
                raise Refused("above_whole", f"{column} ({count}) is above {whole}")
        for wider, narrower in pairwise(self.shape.layout.cumulative):
            if counts[narrower] > counts[wider]:
                raise Refused(
                    "not_cumulative",
                    f"{narrower} ({counts[narrower]}) is above {wider} ({counts[wider]}), which counts it too",
                )
        if (without := counts.get("inel_hd")) is not None and without + counts["elig_hd05"] > premises:
            raise Refused("above_whole", f"inel_hd ({without}) and elig_hd05 ({counts['elig_hd05']}) exceed {whole}")
