"""Files of merchants -> a validated diff -> a bulk write, with a report of every row.

`run_import(path, mapping_name, write)` is the one entry; `manage.py import_merchants` is it on a terminal.
"""

from directory.importing.errors import (
    Busy,
    ChangedMeanwhile,
    ImportFailure,
    Interrupted,
    InvalidMapping,
    UnknownMapping,
    UnreadableFile,
)
from directory.importing.report import Outcome, Report, RowResult
from directory.importing.running import run_import

__all__ = [
    "Busy",
    "ChangedMeanwhile",
    "ImportFailure",
    "Interrupted",
    "InvalidMapping",
    "Outcome",
    "Report",
    "RowResult",
    "UnknownMapping",
    "UnreadableFile",
    "run_import",
]
