"""`/api/v1/coverage/`: editions of broadband figures, what is known at a point, and figures by commune."""

from directory.api.coverage.views import CoverageAtView, CoverageCommunesView, EditionsView

__all__ = ["CoverageAtView", "CoverageCommunesView", "EditionsView"]
