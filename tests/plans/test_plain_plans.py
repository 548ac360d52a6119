"""What plain pages and the sitemap look up beside answers: by index, however much there is."""

from __future__ import annotations

import pytest

from directory import published, tallies
from directory.models import SearchEntry
from directory.questions import Question
from tests.plans.filling import CHEESE, FARMS, explain, explain_prepared


@pytest.mark.parametrize("question", [Question(), Question(**CHEESE), Question(**CHEESE, **FARMS)])
@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
def test_each_place_is_counted_by_the_index_of_terms(filled, question, mode):
    built = tallies.statement(["18", "28", "41269"], question)
    plan = explain_prepared(built.sql, list(built.values), mode)
    assert "Seq Scan" not in {node["Node Type"] for node in plan}
    assert {node["Index Name"] for node in plan if "Index Name" in node} == {"entry_terms"}


def test_files_of_sheets_are_found_by_the_numbers_of_merchants(filled):
    sql = published.SHARES.replace("%(share)s", "%s")
    plan = explain(sql, [2_000] * 3)
    assert "Seq Scan" not in {node["Node Type"] for node in plan}
    assert {node["Index Name"] for node in plan if "Index Name" in node} == {"entry_merchant"}


def test_a_file_of_sheets_is_read_by_the_numbers_of_merchants(filled):
    plan = explain(published.SHEETS, [4_000, 6_000])
    assert {node["Index Name"] for node in plan if "Index Name" in node} == {"entry_merchant"}
    assert "Sort" not in {node["Node Type"] for node in plan}, "so that rows come as they are read"


def test_a_file_of_sheets_holds_no_more_than_its_share(filled, monkeypatch):
    monkeypatch.setattr(published, "SHARE", 500)
    SearchEntry.objects.filter(pk__gte=500, pk__lte=2_000).update(demo=False, card='{"url": "/m/1-a/"}')
    assert published.shares() == [1, 2, 3, 4]
    assert [len(list(published.sheets(share))) for share in (0, 1, 4, 5)] == [0, 500, 1, 0]
