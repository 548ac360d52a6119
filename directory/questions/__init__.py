"""What somebody asks, as one value."""

from directory.questions.question import DEFAULT_RADIUS, Question, Sort

__all__ = ["DEFAULT_RADIUS", "Question", "Sort"]
