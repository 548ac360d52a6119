"""What a file changes of an edition, as a diff; and the writing of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.db import connection

from geo.coverage.importing.checking import Counted
from geo.coverage.importing.recognising import REPUBLISHED
from geo.ground.loading import Diff
from geo.models import CommuneFigures, CoverageFile, Edition

TOLD_EVERY = 500
# 70,000 rows in 0.26 s of Python, 2.5 with bulk_create, which makes an object of each and a parameter of each value.
COPY = "COPY geo_communefigures (file_id, code, premises, eligible) FROM STDIN"


class Standing:
    """The figures that stand where those of a file are to stand: one layout of one edition."""

    def __init__(self, day: date, layout: str):
        self.day, self.layout = day, layout
        self.file = CoverageFile.objects.filter(edition__date=day, layout=layout).first()
        rows = CommuneFigures.objects.filter(file=self.file).values_list("code", "premises", "eligible")
        self.counted = {code: Counted(*counts) for code, *counts in rows} if self.file else {}

    def diff(self, counted: Mapping[str, Counted]) -> Diff:
        """What `counted` would change, by the codes of the file."""
        diff = Diff(removed=sorted(self.counted.keys() - counted.keys()))
        for code, counts in counted.items():
            before = self.counted.get(code)
            if before is None:
                diff.added.append(code)
            elif before != counts:
                diff.changed.append(code)
            else:
                diff.unchanged += 1
        return diff

    @property
    def name(self) -> str:
        """What reports call the file that they came from."""
        return self.file.name if self.file else ""

    def yields_to(self, about: Mapping[str, Any]) -> bool:
        """Whether the file described, whose figures are the same, is the better one to cite: the official, the sound.

        Neither of two equals is: else they would take the place of each other for ever.
        """
        worth = _worth(about["source"], about["refused"])
        return self.file is None or worth > _worth(self.file.source, self.file.refused)

    def is_above(self, source: str) -> bool:
        """Whether they are official, and those of that source published anew."""
        return self.file is not None and self.file.source != REPUBLISHED.source == source

    def write(
        self, counted: Mapping[str, Counted], diff: Diff, about: Mapping[str, Any], tell: Callable[[int], None]
    ) -> None:
        """Bring the figures to `counted`, and the description of the file to `about`."""
        edition, _ = Edition.objects.get_or_create(date=self.day)
        file, _ = CoverageFile.objects.update_or_create(edition=edition, layout=self.layout, defaults=about)
        CommuneFigures.objects.filter(file=file, code__in=[*diff.changed, *diff.removed]).delete()
        with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(COPY) as copying:
            for done, code in enumerate((*diff.added, *diff.changed), 1):
                copying.write_row((file.pk, code, counted[code].premises, json.dumps(counted[code].eligible)))
                if done % TOLD_EVERY == 0:
                    tell(done)


def _worth(source: str, refused: int) -> tuple[bool, int]:
    return source != REPUBLISHED.source, -refused
