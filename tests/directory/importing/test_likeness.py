"""Names that are alike are found, and among many without comparing each with each."""

from __future__ import annotations

import pytest

from directory.importing import likeness
from directory.importing.likeness import MOST_COMPARED, Names
from directory.models import PointOfSale
from tests.directory.importing.conftest import name_of, row

MANY = 1_500


@pytest.fixture
def compared(monkeypatch):
    """Every comparison of two names, one entry each."""
    made, ratio = [], likeness.fuzz.ratio
    monkeypatch.setattr(likeness.fuzz, "ratio", lambda *args, **more: made.append(args) or ratio(*args, **more))
    return made


def names(*others: str) -> Names[str]:
    found: Names[str] = Names()
    for other in (*others, *(f"boulangerie patisserie {name_of(number).lower()}" for number in range(MANY))):
        found.add(other, other)
    return found


class TestAmongMany:
    @pytest.mark.parametrize(
        ("name", "other"),
        [
            ("le lavoir du moulin", "le lavoir du moulin"),
            ("le lavoir du moulin", "le lavoire du moulin"),
            ("le lavoir du moulin", "la lavoir du moulin"),
            ("boulangerie patisserie dupont et fils", "boulangerie patiserie dupond et fils"),
            ("abcde", "abcdef"),
        ],
    )
    def test_a_slip_is_found(self, name, other):
        assert list(names(other).alike(name)) == [other]

    def test_the_first_added_comes_first(self):
        found = names("le lavoir du moulin", "le lavoire du moulin")
        assert list(found.alike("le lavoire du moulin")) == ["le lavoir du moulin", "le lavoire du moulin"]

    @pytest.mark.parametrize("text", ["boulangerie patisserie zu", "b", ""])
    def test_few_are_compared_though_all_have_the_same_words(self, compared, text):
        list(names().alike(text))
        assert len(compared) <= MOST_COMPARED

    def test_all_are_while_they_are_few(self, compared):
        found = Names()
        for number in range(MOST_COMPARED):
            found.add(name_of(number), number)
        list(found.alike("zzz"))
        assert len(compared) == MOST_COMPARED


@pytest.mark.django_db
class TestImports:
    @pytest.mark.parametrize("cells", [{"lat_lon": ""}, {}])
    def test_a_large_town(self, import_rows, compared, cells):
        """Without coordinates, and all on one point; then compared again with all that are here."""
        rows = [row(number, siret="", nom=f"Boulangerie {name_of(number)}", **cells) for number in range(MANY)]
        import_rows(*rows)
        assert PointOfSale.objects.count() > MANY * 0.9
        first = len(compared)
        again = [each | {"adresse": "Ailleurs"} for each in rows]
        report = import_rows(*again, write=False)
        assert {each.code for each in report.rows} <= {"attached", "duplicate_row"}
        assert first < MANY * MOST_COMPARED * 2
        assert len(compared) - first < MANY * MOST_COMPARED * 4
