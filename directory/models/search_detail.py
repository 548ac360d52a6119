"""What only some questions read of a published point of sale: its words and its seasons.

A table beside directory_search_entry, written by the same triggers in the same pass, so that the hot table stays
narrow. As there, nobody writes it by hand, and it holds public values only.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from directory.models.search_entry import SearchEntry


class SearchDetail(models.Model):
    """The words and seasons of a search entry, by the same id."""

    id = models.OneToOneField(
        SearchEntry, models.DO_NOTHING, primary_key=True, db_column="id", related_name="detail", db_constraint=False
    )
    # Stems: the names (weight A), the offers in the merchant's words (B), the description in French (C) and in English
    # (D), without accents. See directory/text.py.
    document = SearchVectorField()
    # The name that is shown, as geo.folding.fold has it. Bytewise collation: prefixes are ranges of its index.
    folded_name = models.TextField(db_collation="C")
    # Term id × 16 + month, for each product with a season, its ancestors included, and each of its months.
    seasons = ArrayField(models.IntegerField())

    class Meta:
        db_table = "directory_search_detail"
        indexes = [
            GinIndex(fields=["document"], name="detail_document"),
            GinIndex(fields=["folded_name"], opclasses=["gin_trgm_ops"], name="detail_name_trgm"),
            models.Index(fields=["folded_name", "id"], name="detail_name"),
            GinIndex(fields=["seasons"], opclasses=["array_ops"], name="detail_seasons"),
        ]

    def __str__(self) -> str:
        return self.folded_name


class NameWord(models.Model):
    """A word of a published name, from four letters on: what a misspelt word may have meant.

    Looked through instead of the names, of which there are far more. Words of names that are gone stay until the daily
    `indexing.forget_words()`: until then nothing else is meant by them, and they find nothing.
    """

    word = models.TextField(primary_key=True, db_collation="C")

    class Meta:
        db_table = "directory_name_word"
        indexes = [GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="name_word_trgm")]

    def __str__(self) -> str:
        return self.word
