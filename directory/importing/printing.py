"""A report on a terminal: the first changes, the totals by reason, what the file no longer has."""

from __future__ import annotations

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from directory.importing.report import Outcome, Report, RowResult

DIFF_ROWS = 20
ABSENT_ROWS = 10
STYLES = {
    Outcome.WRITTEN: "green",
    Outcome.UNCHANGED: "dim",
    Outcome.HELD: "yellow",
    Outcome.SKIPPED: "cyan",
    Outcome.REFUSED: "red",
}


def print_report(console: Console, report: Report) -> None:
    """All that a person needs to decide."""
    _print_diff(console, report)
    _print_totals(console, report)
    _print_absent(console, report)


def _print_diff(console: Console, report: Report) -> None:
    """The first changes, a field a line: what goes, what comes."""
    rows = report.diff
    for row in rows[:DIFF_ROWS]:
        console.print(Text(f"line {row.line}  {row.code}  {row.name}", style=f"bold {STYLES[row.outcome]}"))
        console.print(_changes(row))
    changing = sum(count for (outcome, code), count in report.reasons().items() if outcome is Outcome.WRITTEN)
    if changing > DIFF_ROWS:
        console.print(Text(f"… {changing:,} rows are written in all; --report FILE.csv lists every one."))


def _changes(row: RowResult) -> Text:
    lines = []
    if row.point_of_sale is None:  # a new entry: its values on one line
        values = " · ".join(change.after for change in row.changes if change.field != "name")
        lines.append(Text(f"    + {values}", style="green"))
    for change in row.changes if lines == [] else ():
        if change.before:
            lines.append(Text(f"    - {change.field}: {change.before}", style="red"))
        if change.after or not change.before:
            lines.append(Text(f"    + {change.field}: {change.after}", style="green"))
    lines += [Text(f"    = {field}: kept, edited here", style="cyan") for field in row.kept]
    lines += [Text(f"    ! {note.message}", style="yellow") for note in row.notes]
    return Text("\n").join(lines)


def _print_totals(console: Console, report: Report) -> None:
    totals = report.totals()
    line = " + ".join(f"{count:,} {outcome}" for outcome, count in totals.items())
    console.print(Text(f"{report.file}: {report.read:,} rows read = {line}", style="bold"))
    table = Table("outcome", "reason", Column("rows", justify="right"), box=None, pad_edge=False)
    for (outcome, code), count in report.reasons().items():
        table.add_row(Text(outcome, style=STYLES[outcome]), code, f"{count:,}")
    for code, count in report.notes().items():
        table.add_row(Text("note", style="yellow"), code, f"{count:,}")
    console.print(table)


def _print_absent(console: Console, report: Report) -> None:
    if not report.absent:
        return
    console.print(Text(f"{len(report.absent):,} known from this source are not in the file; nothing is done to them:"))
    for entry in report.absent[:ABSENT_ROWS]:
        console.print(Text(f"    {entry.external_id}  {entry.name} ({entry.point_of_sale})"))
