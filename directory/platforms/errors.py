"""Why something was not fetched. `str(error)` says it in the reader's language, with what would do."""

# ruff: noqa: N818 - named for what happened, as Django's DoesNotExist is
from __future__ import annotations


class FetchFailure(Exception):
    """A list that could not be fetched. Nothing was changed."""


class Unreachable(FetchFailure):
    """The server is away, slow, or answers with an error: later may do."""


class TooSlow(Unreachable):
    """The answer had not all come in time."""


class NotAllowed(FetchFailure):
    """The address, or where it redirects to, is not one that the service may be sent to."""


class TooLarge(FetchFailure):
    """The answer, or what it unpacks to, is over the limit."""


class NotAList(FetchFailure):
    """What came is a page, or damaged, or in an encoding of transfer that was not asked for."""
