"""What goes wrong with the ground. Every message names the thing and the remedy."""

from __future__ import annotations

from collections.abc import Sequence


class GroundError(Exception):
    """One or more faults; `problems` holds a sentence for each."""

    def __init__(self, problems: str | Sequence[str]):
        self.problems = [problems] if isinstance(problems, str) else list(problems)
        super().__init__("\n".join(self.problems))
