"""What the commands that read long files print with: a console on Django's output, and a progress bar a stage."""

from __future__ import annotations

from typing import IO, Any, cast

from django.core.management.base import OutputWrapper
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


def console_on(output: OutputWrapper, no_color: bool) -> Console:
    """A console that writes lines of any length where the command writes."""
    return Console(file=cast(IO[str], output), highlight=False, soft_wrap=True, no_color=no_color or None)


def progress_on(console: Console) -> Progress:
    """A bar that is drawn on a terminal alone, and goes when the work is done."""
    columns = (TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


class Stages:
    """A bar for each stage of the work. Called with the stage, how much is done, and of how much (0: unknown)."""

    def __init__(self, bar: Progress):
        self.bar = bar
        self.tasks: dict[str, Any] = {}

    def __call__(self, stage: str, done: int, of: int) -> None:
        if stage not in self.tasks:
            self.tasks[stage] = self.bar.add_task(stage, total=None)
        self.bar.update(self.tasks[stage], completed=done, total=max(of, done) or None)
