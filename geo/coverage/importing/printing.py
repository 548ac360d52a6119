"""A report on a console: totals that add up, what was refused, what changed."""

from __future__ import annotations

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from geo.coverage.importing.report import Outcome, Report

REFUSED_ROWS = 20
FORMER_ROWS = 10
STYLES = {Outcome.LOADED: "green", Outcome.REFUSED: "red", Outcome.OUTSIDE: "dim", Outcome.SKIPPED: "cyan"}


def print_report(console: Console, report: Report) -> None:
    """Every part of a report but what only one command knows."""
    totals = " + ".join(f"{count:,} {outcome}" for outcome, count in report.totals().items())
    console.print(Text(f"{report.file}{report.title}: {report.read:,} {report.unit}s read = {totals}", style="bold"))
    table = Table("outcome", "reason", Column(f"{report.unit}s", justify="right"), box=None, pad_edge=False)
    for (outcome, code), count in report.reasons().items():
        table.add_row(Text(outcome, style=STYLES[outcome]), code, f"{count:,}")
    console.print(table)
    for line in report.refused[:REFUSED_ROWS]:
        console.print(Text(f"{report.unit} {line.line}  {line.commune}  {line.code}: {line.message}", style="red"))
    _print_rest(console, len(report.refused) - REFUSED_ROWS)
    former = [line for line in report.lines if line.code == "former_commune"]
    for line in former[:FORMER_ROWS]:
        console.print(Text(f"line {line.line}  {line.commune} is {line.message}", style="cyan"))
    _print_rest(console, len(former) - FORMER_ROWS)
    console.print(Text(f"Changes: {report.diff}"))
    for warning in report.warnings:
        console.print(Text(f"Warning: {warning}", style="yellow"))


def closing(wrote: bool, write: bool, seconds: float) -> str:
    """The last line: whether anything was written."""
    took = f"({seconds:.1f} s)"
    if not wrote:
        return f"Nothing to write: all that can be loaded is here already {took}."
    if write:
        return f"Written, in one transaction {took}."
    return f"Nothing was written: this was a dry run {took}. To apply it, run the same command without --dry-run."


def _print_rest(console: Console, more: int) -> None:
    if more > 0:
        console.print(Text(f"… and {more:,} more; --report FILE.csv lists every line."))
