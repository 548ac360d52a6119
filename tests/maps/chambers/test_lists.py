"""A chamber's list: looked at, written as it was looked at, once; its file is not kept."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import openpyxl
import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.utils import timezone

from directory.chambers import lists
from directory.chambers.access import chambers
from directory.models import ChamberUpload, Merchant, PointOfSale, Source
from maps.chambers.lists import receive_page
from tests.builders import point_of_sale
from tests.maps.chambers.conftest import CSV, HOME, LIST, upload, waiting

pytestmark = pytest.mark.django_db


def workbook() -> bytes:
    book, kept = openpyxl.Workbook(), io.BytesIO()
    for line in CSV.decode().splitlines():
        book.active.append(line.split(";"))
    book.save(kept)
    return kept.getvalue()


def bomb() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "")
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * (lists.MOST_UNZIPPED + 1))
    return kept.getvalue()


class TestLooking:
    def test_nothing_is_written_and_everything_is_told(self, trades):
        kept, seen = waiting(trades)
        assert not PointOfSale.objects.exists()
        assert bytes(kept.content) == CSV
        page = trades.get(f"{LIST}{kept.pk}/").content.decode()
        for told in ("Ferme des Prés", "Boulangerie du Loir", "commune inconnue", "Atlantis", "3 lignes lues"):
            assert told in page
        assert len(seen) == 64

    def test_a_changed_field_is_shown_before_and_after(self, trades):
        kept, seen = waiting(trades)
        trades.post(f"{LIST}{kept.pk}/ecrire/", {"seen": seen})
        kept, _seen = waiting(trades, CSV.replace(b"goat_cheese", b"strawberries"))
        page = trades.get(f"{LIST}{kept.pk}/").content.decode()
        assert "<del>Fromage de chèvre</del>" in page
        assert "<ins>Fraises</ins>" in page

    def test_one_that_lacks_an_entry_says_so_and_leaves_it(self, trades):
        kept, seen = waiting(trades)
        trades.post(f"{LIST}{kept.pk}/ecrire/", {"seen": seen})
        kept, seen = waiting(trades, b"\n".join(CSV.splitlines()[:2]) + b"\n")
        assert "Boulangerie du Loir" in trades.get(f"{LIST}{kept.pk}/").content.decode()
        assert seen == ""
        assert PointOfSale.objects.filter(status="published").count() == 2

    def test_the_report_is_a_file_that_a_spreadsheet_opens_safely(self, trades):
        kept, _seen = waiting(trades, CSV.replace(b"Perdue", b"=Perdue"))
        response = trades.get(f"{LIST}{kept.pk}/bilan.csv")
        text = b"".join(response.streaming_content).decode("utf-8-sig")
        assert len(text.splitlines()) == 4
        assert "'=Perdue" in text
        assert "commune inconnue" in text
        assert "no-store" in response["Cache-Control"]

    @pytest.mark.parametrize("name", ["liste.xlsx", "liste.XLSX"])
    def test_a_workbook_is_read_as_well(self, trades, name):
        assert upload(trades, workbook(), name).status_code == 302

    def test_so_is_geojson(self, trades):
        content = b"""{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": null,
            "properties": {"nom": "Ferme", "activites": "farm", "commune": "Vend\\u00f4me"}}]}"""
        assert upload(trades, content, "liste.geojson").status_code == 302

    def test_the_template_is_a_list_that_is_taken(self, trades):
        template = b"".join(trades.get(f"{LIST}modele.csv").streaming_content)
        kept, _seen = waiting(trades, template)
        assert kept.totals["outcomes"]["written"] == 1


class TestRefusing:
    @pytest.mark.parametrize(
        ("name", "content", "why"),
        [
            ("liste.pdf", CSV, "CSV, XLSX ou GeoJSON"),
            ("liste", CSV, "CSV, XLSX ou GeoJSON"),
            ("liste.csv", b"", "est vide"),
            ("liste.csv", b"PK\x03\x04\0\0\0", "pas du texte"),
            ("liste.xlsx", CSV, "classeur"),
            ("liste.xlsx", b"PK\x03\x04 cut", "classeur"),
            ("liste.geojson", CSV, "GeoJSON"),
            ("liste.geojson", b"{", "ne se lit pas"),
            ("liste.csv", b"prix;stock\n1;2\n", "ne se lit pas"),
        ],
    )
    def test_what_is_no_list_is_told_why_and_not_kept(self, trades, name, content, why):
        response = upload(trades, content, name)
        assert response.status_code == 400
        assert why in response.content.decode()
        assert not ChamberUpload.objects.exists()

    def test_a_bomb_is_not_unpacked(self, trades):
        response = upload(trades, bomb(), "liste.xlsx")
        assert "trop grand" in response.content.decode()

    def test_a_file_too_long_is_not_kept_in_memory(self, trades):
        response = upload(trades, b"x" * (lists.MOST_BYTES + 1))
        assert response.status_code == 400
        assert "10 Mo au plus" in response.content.decode()

    def test_of_two_files_no_more_is_kept_than_of_one(self, tom):
        half = b"x" * (lists.MOST_BYTES // 2 + 1)
        sent = {"one": SimpleUploadedFile("1.csv", half), "file": SimpleUploadedFile("2.csv", half)}
        request = RequestFactory().post(LIST, sent)
        request.user = tom
        request._dont_enforce_csrf_checks = True
        request._messages = CookieStorage(request)
        assert receive_page(request, "trades").status_code == 400
        assert list(request.FILES) == ["one"]

    def test_a_stranger_s_file_is_not_read(self):
        request = RequestFactory().post(LIST, {"file": SimpleUploadedFile("1.csv", CSV)})
        request.user = AnonymousUser()
        assert receive_page(request, "trades").status_code == 302
        assert not hasattr(request, "_files")

    def test_elsewhere_files_are_read_as_ever(self):
        assert [type(handler).__name__ for handler in RequestFactory().post("/").upload_handlers] == [
            "MemoryFileUploadHandler",
            "TemporaryFileUploadHandler",
        ]

    def test_a_list_too_long_is_told_before_it_is_compared(self, trades, monkeypatch):
        monkeypatch.setattr(lists, "MOST_ROWS", 2)
        response = upload(trades)
        assert response.status_code == 400
        assert "découpez-la" in response.content.decode()

    def test_a_name_made_to_be_read_as_html_is_text(self, trades):
        response = upload(trades, CSV, "<img src=x>.csv")
        assert b"<img src=x>" not in trades.get(response.url).content
        assert b"<img src=x>" not in trades.get(HOME).content


class TestWriting:
    def test_the_directory_is_what_was_shown_and_the_file_is_gone(self, trades, tom):
        kept, seen = waiting(trades)
        response = trades.post(f"{LIST}{kept.pk}/ecrire/", {"seen": seen}, follow=True)
        assert "La liste est écrite." in response.content.decode()
        assert "Atlantis" in response.content.decode()
        kept.refresh_from_db()
        assert (kept.state, kept.content, kept.by) == ("written", None, tom)
        assert set(PointOfSale.objects.values_list("merchant__name", "status")) == {
            ("Ferme des Prés", "published"),
            ("Boulangerie du Loir", "published"),
        }
        source = Source.objects.get()
        assert (source.slug, source.producer) == ("chamber-trades", "CMA Centre-Val de Loire")
        assert Merchant.objects.get(name="Ferme des Prés").public_contact() == {}

    def test_a_second_tap_writes_nothing(self, trades):
        kept, seen = waiting(trades)
        trades.post(f"{LIST}{kept.pk}/ecrire/", {"seen": seen})
        PointOfSale.objects.update(name="Changé ici")
        again = trades.post(f"{LIST}{kept.pk}/ecrire/", {"seen": seen}, follow=True)
        assert "déjà été écrite" in again.content.decode()
        assert PointOfSale.objects.filter(name="Changé ici").count() == 2

    def test_what_changed_meanwhile_is_shown_anew_and_not_written(self, trades):
        kept, seen = waiting(trades)
        point_of_sale("Boulangerie du Loir", activities=["bakery"])
        response = trades.post(f"{LIST}{kept.pk}/ecrire/", {"seen": seen})
        assert response.status_code == 409
        assert "a changé depuis" in response.content.decode()
        kept.refresh_from_db()
        assert kept.state == "checked"
        assert PointOfSale.objects.count() == 1
        assert not Source.objects.exists()

    @pytest.mark.parametrize("seen", ["", "0" * 64])
    def test_what_nobody_looked_at_is_not_written(self, trades, seen):
        kept, _seen = waiting(trades)
        assert trades.post(f"{LIST}{kept.pk}/ecrire/", {"seen": seen}).status_code == 409
        assert not PointOfSale.objects.exists()

    def test_a_dropped_one_is_forgotten_and_cannot_be_written(self, trades):
        kept, seen = waiting(trades)
        trades.post(f"{LIST}{kept.pk}/abandonner/")
        kept.refresh_from_db()
        assert (kept.state, kept.content) == ("dropped", None)
        trades.post(f"{LIST}{kept.pk}/ecrire/", {"seen": seen})
        assert not PointOfSale.objects.exists()
        assert trades.get(f"{LIST}{kept.pk}/bilan.csv").status_code == 404

    def test_a_written_one_cannot_be_dropped(self, trades):
        kept, seen = waiting(trades)
        trades.post(f"{LIST}{kept.pk}/ecrire/", {"seen": seen})
        trades.post(f"{LIST}{kept.pk}/abandonner/")
        kept.refresh_from_db()
        assert kept.state == "written"

    def test_each_chamber_is_a_source_of_its_own(self, trades, farmers):
        slugs = {lists.source_of(chamber).slug for chamber in chambers()}
        assert slugs == {"chamber-commerce", "chamber-trades", "chamber-agriculture"}


class TestForgetting:
    @pytest.mark.parametrize(("days", "kept"), [(6.9, True), (7.1, False)])
    def test_after_a_week(self, trades, days, kept):
        made, _seen = waiting(trades)
        assert lists.forget(timezone.now() + timedelta(days=days)) == (not kept)
        made.refresh_from_db()
        assert (made.content is not None) is kept
        assert made.state == ("checked" if kept else "dropped")

    @pytest.mark.parametrize(("days", "rows", "more"), [(29.9, 1, 0), (30.1, 0, 1)])
    def test_the_names_after_a_month(self, trades, days, rows, more):
        made, seen = waiting(trades)
        trades.post(f"{LIST}{made.pk}/ecrire/", {"seen": seen})
        for _day in range(2):
            lists.forget(timezone.now() + timedelta(days=days))
        made.refresh_from_db()
        assert (len(made.totals["rows"]), made.totals["more"]) == (rows, more)
        assert ("Atlantis" in trades.get(f"{LIST}{made.pk}/").content.decode()) is bool(rows)
        assert made.totals["outcomes"]["refused"] == 1
