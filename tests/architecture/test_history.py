"""What a person edits leaves a history, or it is said here why it need not."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib import admin
from simple_history.models import registered_models

from maps.admin.common import NoWriting

# Models of the project that no person edits, or whose rows are themselves the record of what was done.
WITHOUT = {
    "directory.Registration": "a form being filled in: its answers become a merchant, which has one",
    "directory.SignInCode": "made and used up by the service",
    "directory.Deletion": "is itself what was asked, by whom and when; undone, the entry's history says so",
    "directory.Duplicate": "the service proposes; who decided and when stands in the row",
    "directory.Merge": "is itself what was done, undone, by whom and when",
    "directory.OwnerNotice": "made and sent by the service",
    "directory.Gathered": "how far the service read",
    "directory.Letter": "printed and used up; the claim that it grants has one",
    "directory.LetterBatch": "who printed what when stands in the row",
    "directory.PinRequest": "a queue; what came of it stands in the history of the pin",
    "directory.Source": "described by its mapping, which is a file under version control",
    "directory.SourceRecord": "what a source said: no person edits it",
    "directory.Withdrawal": "keyed digests, which say nothing of anybody",
    "directory.Schedule": "shared texts: a point of sale's history says which one it had",
    "directory.SearchEntry": "made by the database", "directory.SearchDetail": "made by the database",
    "directory.ClusterCell": "made by the database", "directory.ClusterChange": "made by the database",
    "directory.ServiceArea": "made by the database",
    "directory.NameWord": "made by the database",
    "directory.AssistedEntry": "who registered what for whom, and when, stands in the row",
    "directory.Term": "loaded from files under version control",
    "directory.FeedRun": "is itself the record of a passage",
    "directory.UnmetDemand": "counted by the service",
    "directory.ChamberUpload": "a list that was sent; what it wrote has one",
    "directory.CaseEvent": "is itself the history of a case", "directory.GapCase": "its events are its history",
    "directory.ConnectionReport": "each is a row of its own, never edited",
    "directory.ExportLog": "is itself a record",
}  # fmt: skip


def _ours() -> dict[str, Any]:
    models = (model for model in apps.get_app_config("directory").get_models() if not model._meta.proxy)
    return {model._meta.label: model for model in models if not model.__name__.startswith("Historical")}


def _kept() -> set[str]:
    return {model._meta.label for model in registered_models.values()}


def test_every_model_has_a_history_or_a_reason():
    lacking = {label for label in _ours() if label not in _kept() and label not in WITHOUT}
    assert lacking == set()


def test_no_reason_outlives_its_model():
    assert {label for label in WITHOUT if label not in _ours()} == set()
    assert WITHOUT.keys() & _kept() == set()


def test_what_has_a_history_shows_it_in_the_admin():
    """Its page has "Historique", or it is a line of one that has."""
    shown = {model._meta.label for model, page in admin.site._registry.items() if hasattr(page, "history_lines")}
    lines = {
        line._meta.label for page in admin.site._registry.values() for line, _ in getattr(page, "history_lines", ())
    }
    edited = {
        model._meta.label
        for model, page in admin.site._registry.items()
        if model._meta.label in _kept() and not isinstance(page, NoWriting)
    }
    assert edited - shown == set()
    assert {"directory.Photo", "directory.Offer", "directory.MerchantLabel", "directory.Consent"} <= lines
