"""The plans behind typed words: what asks for words, and what looks for those that misspelt ones meant."""

from __future__ import annotations

import pytest
from django.db import connection

from directory.text import NAMED, text_condition
from tests.plans.filling import explain, explain_prepared

ONE_ROW = "SELECT id FROM directory_search_detail AS detail WHERE id = %s AND "
ALL = "SELECT id FROM directory_search_detail AS detail WHERE "
FILL_WORDS = """
INSERT INTO directory_name_word (word)
SELECT DISTINCT 'x' || substr(md5(i::text), 1, 8) FROM generate_series(1, 20000) AS i
ON CONFLICT DO NOTHING
"""
FILL_MERCHANTS = """
INSERT INTO directory_merchant
    (id, name, description_fr, description_en, website, shop_url, phone, email, natural_person, created_at, updated_at)
SELECT i, 'Éleveur ' || i, '', '', '', '', '', '', false, now(), now() FROM generate_series(1, 20000) AS i
"""
# As directory_meant asks.
NEAREST = """
SELECT word FROM directory_name_word WHERE word %% %s AND directory_slips(%s, word) IS NOT NULL
"""
modes = pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])


def read(plan: list[dict]) -> set[str]:
    assert "Seq Scan" not in {node["Node Type"] for node in plan}
    return {node["Index Name"] for node in plan if "Index Name" in node}


@modes
@pytest.mark.parametrize("text", ["village 42", "vilage", "ferme numero 12 du village 12", "chez elles", "le où"])
def test_words_use_the_index_of_documents(filled, text, mode):
    condition = text_condition(text)
    plan = explain_prepared(ALL + condition.sql, [*condition.params], mode)
    assert read(plan) == {"detail_document", "detail_name"}


@modes
def test_words_of_one_row_are_looked_up_by_its_key(filled, mode):
    condition = text_condition("village 42")
    plan = explain_prepared(ONE_ROW + condition.sql, [7, *condition.params], mode)
    assert read(plan) == {"directory_search_detail_pkey"}


def test_a_misspelt_word_uses_the_index_of_words(filled):
    with connection.cursor() as cursor:
        cursor.execute(FILL_WORDS)
        cursor.execute("SELECT gin_clean_pending_list('name_word_trgm'::regclass)")
        cursor.execute("ANALYZE directory_name_word")
    assert read(explain(NEAREST, ["boulangrie", "boulangrie"])) == {"name_word_trgm"}


def test_folded_prefixes_are_ranges_of_the_index(filled):
    sql = "SELECT id FROM directory_search_detail WHERE folded_name LIKE %s ORDER BY folded_name, id LIMIT 10"
    assert read(explain(sql, ["ferme numero 12%"])) == {"detail_name"}


@modes
def test_a_name_is_looked_up_where_names_are(filled, mode):
    with connection.cursor() as cursor:
        cursor.execute(FILL_MERCHANTS)
        cursor.execute("ANALYZE directory_merchant")
    plan = explain_prepared(NAMED, [["eleveur 42", "la eleveur 42"]] * 2, mode)
    assert read(plan) == {"detail_name", "merchant_folded_name", "entry_merchant"}
