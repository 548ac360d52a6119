"""All or nothing, one import of a source at a time, and as many queries for a thousand rows as for one."""

from __future__ import annotations

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from directory.importing import Busy, ChangedMeanwhile, bulk
from directory.models import PointOfSale, SourceRecord
from directory.vocabulary import vocabulary
from geo.gazetteer import gazetteer
from tests.builders import point_of_sale
from tests.directory.importing.conftest import row, siret, versions

pytestmark = pytest.mark.django_db


class TestAllOrNothing:
    def test_a_failure_at_the_last_batch_leaves_nothing(self, import_rows, monkeypatch):
        import_rows(row())
        before = versions()
        written = bulk.insert

        def fail_at_records(model, *rows):
            if model is SourceRecord:
                assert PointOfSale.objects.count() > 1, "much is written by then"
                raise KeyboardInterrupt
            written(model, *rows)

        monkeypatch.setattr(bulk, "insert", fail_at_records)
        with pytest.raises(KeyboardInterrupt):
            import_rows(row(adresse="2 RUE POTERIE"), row(2), row(3))
        assert versions() == before

    def test_somebody_who_wrote_the_same_is_named(self, import_rows, monkeypatch):
        monkeypatch.setattr("directory.importing.planning.holders_of", lambda sirets: {})
        point_of_sale("Ailleurs", siret=siret(1), commune="41018")
        with pytest.raises(ChangedMeanwhile, match="run it again"):
            import_rows(row())
        assert not SourceRecord.objects.exists()

    @pytest.mark.django_db(transaction=True)
    def test_two_imports_of_one_source_do_not_interleave(self, import_rows):
        other = connections.create_connection("default")
        try:
            other.set_autocommit(False)
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('import alimconfiance', 0))")
            with pytest.raises(Busy, match="'alimconfiance' is running"):
                import_rows(row())
            assert import_rows(row(), write=False).read == 1, "a dry run needs no lock"
            other.rollback()
        finally:
            other.close()

    def test_what_cannot_be_accounted_for_is_an_error(self, import_rows, monkeypatch):
        monkeypatch.setattr("directory.importing.planning.Planner._refused", lambda self, row: None)
        with pytest.raises(RuntimeError, match="2 rows were read, but 1 are accounted for"):
            import_rows(row(), row(2, nom=""))


class TestCost:
    def queries(self, import_rows, rows):
        vocabulary()
        gazetteer()
        with CaptureQueriesContext(connection) as captured:
            import_rows(*rows)
        return len(captured)

    def test_queries_do_not_grow_with_rows(self, import_rows):
        import_rows(row(900))
        few = self.queries(import_rows, [row(n) for n in range(5)])
        many = self.queries(import_rows, [row(n) for n in range(100, 200)])
        assert many == few

    def test_nor_with_changed_rows(self, import_rows):
        import_rows(*(row(n) for n in range(60)))
        few = self.queries(import_rows, [row(n, adresse="2 RUE POTERIE") for n in range(3)])
        many = self.queries(import_rows, [row(n, adresse="2 RUE POTERIE") for n in range(3, 60)])
        assert many == few

    def test_an_unchanged_file_costs_one_write(self, import_rows):
        rows = [row(n) for n in range(20)]
        import_rows(*rows)
        with CaptureQueriesContext(connection) as captured:
            import_rows(*rows)
        verbs = [query["sql"].split()[0] for query in captured if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
        assert verbs.count("UPDATE") == 1, "that the list still names them"
        assert {*verbs} <= {"SELECT", "DECLARE", "FETCH", "CLOSE", "UPDATE"}
