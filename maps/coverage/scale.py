"""The classes of an indicator as people read them: in words, in numbers, and by the pattern that fills them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geo.coverage import wording
from geo.coverage.steps import UNKNOWN, steps

# From the widest gap, whatever the bounds are.
WORDS = (
    gettext_lazy("Écart très large"),
    gettext_lazy("Écart large"),
    gettext_lazy("Écart moyen"),
    gettext_lazy("Écart réduit"),
    gettext_lazy("Écart faible ou nul"),
)


@dataclass(frozen=True)
class Class:
    """`key` names its pattern: "0" to "4" (templates/maps/_gap_patterns.html), or "unknown"."""

    key: str
    word: str
    range: str


def scale(indicator: str) -> Sequence[Class]:
    """All classes, the widest gap first, and what is not known."""
    known = [
        Class(str(number), str(word), wording.range_in_words(step))
        for number, (word, step) in enumerate(zip(WORDS, steps(indicator), strict=True))
    ]
    return (*known, Class(UNKNOWN, _("Inconnu"), wording.range_in_words(UNKNOWN)))
