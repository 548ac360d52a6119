"""What people look for in vain: counted by product or activity, commune and week, shown by fives, then forgotten.

`recording` writes, `reading` shows. Nothing of a request is kept: not who, not when within the week, not in which
words, not where more finely than the commune.
"""

from directory.demand.reading import LEAST, Cell, cells, forget, weeks_back
from directory.demand.recording import record

__all__ = ["LEAST", "Cell", "cells", "forget", "record", "weeks_back"]
