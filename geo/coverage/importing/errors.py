"""Why an import did not take place. Nothing is written when one of these is raised."""

# ruff: noqa: N818 - named for what happened, as Django's DoesNotExist is
from __future__ import annotations


class ImportFailure(Exception):
    """An import that could not take place; `str(error)` says why and what would do."""


class UnreadableFile(ImportFailure):
    """The file is none that can be taken; another, or an option, would do."""


class DownloadFailed(ImportFailure):
    """The file could not be fetched from where it is published."""


class Busy(ImportFailure):
    """Another import is running."""


class Refused(Exception):
    """One line that cannot be taken. `code` is for machines, `str(error)` says why."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code
