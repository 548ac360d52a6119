"""What somebody asks, as one value."""

from directory.questions.opening import At, Now, On, Opening
from directory.questions.question import DEFAULT_RADIUS, THIS_MONTH, Question, Sort

__all__ = ["DEFAULT_RADIUS", "THIS_MONTH", "At", "Now", "On", "Opening", "Question", "Sort"]
