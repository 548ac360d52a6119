"""Question in, Answer out: the only read path.

Every question is one statement, on one table but for its words, seasons and hours. `matching` has what it is made of,
`statements` puts it together, `answering` reads it.
"""

from directory.search.answering import Answer, Hit, answer, count, every_hit, open_states
from directory.search.statements import Statement, statement

__all__ = ["Answer", "Hit", "Statement", "answer", "count", "every_hit", "open_states", "statement"]
