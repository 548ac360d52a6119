"""Why an import did not take place. Nothing is written when one of these is raised."""

# ruff: noqa: N818 - named for what happened, as Django's DoesNotExist is
from __future__ import annotations


class ImportFailure(Exception):
    """An import that could not take place; `str(error)` says why and what would do."""


class UnreadableFile(ImportFailure):
    """The file is not what its name says, or lacks what the mapping needs."""


class UnknownMapping(ImportFailure):
    """There is no mapping of that name."""


class InvalidMapping(ImportFailure):
    """The mapping file itself is wrong: every line of `str(error)` is one thing to put right."""


class Busy(ImportFailure):
    """Another import of the same source is running."""


class ChangedMeanwhile(ImportFailure):
    """Somebody wrote the same merchants while the import ran; running it again will do."""


class Interrupted(ImportFailure):
    """The database stopped the import, or went away."""


class Refused(Exception):
    """One row that cannot be taken. `code` is for machines, `str(error)` says what would do."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code
