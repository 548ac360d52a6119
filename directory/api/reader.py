"""Reads a URL's parameters one by one, and keeps every mistake by the parameter's name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Protocol

from django.utils.translation import gettext as _
from rapidfuzz import process

from directory.api.errors import InvalidParameters, ParameterError

MOST_CODES = 50
MOST_UNKNOWN = 20  # names of parameters: nobody reads more mistakes


class Parameters(Protocol):
    """What is read of a QueryDict."""

    def getlist(self, key: str) -> list[str]: ...
    def __iter__(self) -> Any: ...


@dataclass
class Reader:
    """Reads parameters one by one and keeps every error; `finish` raises them together."""

    query: Parameters
    known: Mapping[str, Any]
    errors: dict[str, ParameterError] = field(default_factory=dict)
    # The values of each known parameter that is there, at least one.
    given: dict[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.given = {name: self.query.getlist(name) for name in self.query if name in self.known}
        for name in islice((name for name in self.query if name not in self.known), MOST_UNKNOWN):
            self._refuse_unknown(name)
        for name, values in self.given.items():
            if any("\x00" in value for value in values):
                self.refuse(name, "invalid_text", _("{name} : un caractère nul n'a pas de sens ici.").format(name=name))
            elif not all(value.strip() for value in values):
                self.refuse(name, "empty", _("{name} : une valeur est attendue, ou rien du tout.").format(name=name))

    def _refuse_unknown(self, name: str) -> None:
        shown = name[:60].replace("\x00", "")
        nearest = process.extractOne(shown, list(self.known), score_cutoff=50)
        detail = _("{name} n'est pas un paramètre.").format(name=shown)
        if nearest:
            detail += " " + _("Vouliez-vous {nearest} ?").format(nearest=nearest[0])
        elif all(error.nearest for error in self.errors.values()):
            # The whole list once: it is long.
            detail += " " + _("Les paramètres sont : {names}.").format(names=", ".join(self.known))
        self.errors[shown] = ParameterError("unknown_parameter", detail, nearest[0] if nearest else None)

    def refuse(self, name: str, code: str, detail: str, nearest: str | None = None) -> None:
        self.errors.setdefault(name, ParameterError(code, detail, nearest))

    def forgive_empty(self) -> None:
        """Take what is given without a value as not given: a form sends every field."""
        for name in [name for name, error in self.errors.items() if error.code == "empty"]:
            del self.errors[name]
            self.given.pop(name)

    def text(self, name: str) -> str | None:
        """The one value of a single-valued parameter; None where absent or already refused."""
        values = self.given.get(name)
        if values is None or name in self.errors:
            return None
        if len(values) > 1:
            self.refuse(name, "given_twice", _("{name} : une seule valeur est attendue.").format(name=name))
            return None
        return values[0].strip()

    def whole(self, name: str, low: int, high: int, default: int) -> int:
        text = self.text(name)
        if text is None:
            return default
        if not (text.isascii() and text.isdigit() and len(text) <= 9 and low <= int(text) <= high):
            range_ = _("{name} : un nombre entier de {low} à {high} est attendu.")
            self.refuse(name, "out_of_range", range_.format(name=name, low=low, high=high))
            return default
        return int(text)

    def codes(self, name: str, check: Callable[[str], tuple[str | None, str | None]]) -> tuple[str, ...]:
        """Codes, repeated or comma-separated. `check` gives (the code meant, or None; the nearest known one)."""
        values = self.given.get(name)
        if values is None or name in self.errors:
            return ()
        given = [code.strip() for value in values for code in value.split(",")]
        if len(given) > MOST_CODES:
            self.refuse(name, "too_many", _("{name} : {n} codes au plus.").format(name=name, n=MOST_CODES))
            return ()
        meant: dict[str, None] = {}
        for code in given:
            found, nearest = check(code)
            if found is None:
                detail = _("{name} : le code « {code} » est inconnu.").format(name=name, code=code[:60])
                if nearest:
                    detail += " " + _("Vouliez-vous {nearest} ?").format(nearest=nearest)
                self.refuse(name, "unknown_code", detail, nearest)
                return ()
            meant[found] = None
        return tuple(meant)

    def one_of(self, name: str, values: Sequence[str]) -> str | None:
        """A value among a few; where there is but one, or one is near, the remedy says it."""
        text = self.text(name)
        if text is None or text in values:
            return text
        detail = (
            _("{name} : {values} sont les valeurs possibles.")
            if len(values) > 1
            else _("{name} : {values} est attendu.")
        )
        found = process.extractOne(text[:60], list(values), score_cutoff=60 if len(values) > 1 else 0)
        nearest = found[0] if found else None
        self.refuse(name, "unknown_value", detail.format(name=name, values=", ".join(values)), nearest)
        return None

    def flag(self, name: str) -> bool:
        """A switch: 1 is on, 0 is off as when it is absent."""
        return self.one_of(name, ("0", "1")) == "1"

    def finish(self) -> None:
        if self.errors:
            raise InvalidParameters(self.errors)
