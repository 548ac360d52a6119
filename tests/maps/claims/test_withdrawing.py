"""Leaving without an account: at once, everywhere, and no list brings it back."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from directory.importing import mapping as mappings
from directory.importing import run_import
from directory.models import Deletion, PointOfSale, Report
from directory.owners import leaving
from maps.claims import withdrawing
from tests.builders import owned_place, point_of_sale
from tests.directory.importing.conftest import import_rows, row, siret, write_file  # noqa: F401
from tests.maps.admin_desk import log_in

pytestmark = pytest.mark.django_db

MINE = {"mine": "on", "email": ""}
GENERIC = ("identifiant", "siret", "nom", "activites", "adresse", "cp", "insee", "lat", "lon")


def leave(client, place, **changes):
    return client.post(f"/retirer/{place.pk}/", MINE | changes)


def bytes_of(client, place):
    """All that the public can read where it was."""
    paths = (
        f"/m/{place.merchant_id}/", "/?place=41269&radius=5km", "/commune/41269-vendome/", "/api/v1/merchants.csv",
        "/api/v1/merchants.geojson", f"/api/v1/merchants/{place.pk}/", "/sitemap.xml", "/sitemap-fiches-1.xml",
        "/api/v1/clusters/?bbox=0.9,47.6,1.3,48.0&zoom=14", "/api/v1/suggest/?q=le",
    )  # fmt: skip
    answers = [client.get(path, follow=True) for path in paths]
    return b"".join(answer.getvalue() if answer.streaming else answer.content for answer in answers)


def test_it_is_nowhere_any_more(client, farm):
    assert b"Ferme des Pr" in bytes_of(client, farm)
    answer = leave(client, farm)
    assert (answer.status_code, answer.url) == (302, "/retirer/fait/")
    left = bytes_of(client, farm)
    assert "Ferme des Prés".encode() not in left
    assert b"ferme-des-pres" not in left
    assert farm.siret.encode() not in left
    for path in (
        "m/{0.merchant_id}",
        "signaler/{0.pk}",
        "retirer/{0.pk}",
        "revendiquer/{0.pk}",
        "api/v1/merchants/{0.pk}",
    ):
        answer = client.get(f"/{path.format(farm)}/")
        assert answer.status_code in (404, 410)
        assert "Ferme des Prés" not in answer.content.decode()
    assert Deletion.objects.get().by is None


@pytest.mark.parametrize("again", [{}, {"nom": "UN AUTRE NOM"}, {"siret": ""}])
def test_its_list_does_not_bring_it_back(client, import_rows, again):  # noqa: F811
    import_rows(row(1), row(2))
    place = PointOfSale.objects.get(siret=siret(1))
    leave(client, place)
    report = import_rows(row(1, **again), row(2))
    assert "withdrawn" in [result.code for result in report.rows]
    assert [shown.siret for shown in PointOfSale.objects.filter(status="published")] == [siret(2)]


def generic(tmp_path, slug, **cells):
    """An import of one line by a list of that name, which numbers what it lists."""
    sound = {"identifiant": "7", "siret": "", "nom": "LE FOURNIL DU PONT", "activites": "bakery",
             "adresse": "4 rue du Pont", "cp": "41100", "insee": "41269", "lat": "47.793", "lon": "1.066"}  # fmt: skip
    path = tmp_path / f"{slug}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, GENERIC, delimiter=";")
        writer.writeheader()
        writer.writerow(sound | cells)
    known = mappings.load("generic")
    return run_import(path, replace(known, source=replace(known.source, slug=slug)), write=True)


@pytest.mark.parametrize(
    ("slug", "cells"),
    [
        ("marches", {"nom": "AUTREMENT DIT", "adresse": "ailleurs"}),  # by what its list calls it
        ("marches", {"identifiant": "8"}),  # by its name in its commune
        ("annuaire", {"identifiant": "9"}),  # in another list
    ],
)
def test_nor_another_list_nor_another_name(client, tmp_path, slug, cells):
    generic(tmp_path, "marches")
    place = PointOfSale.objects.get(status="published")
    leave(client, place)
    report = generic(tmp_path, slug, **cells)
    assert [result.code for result in report.rows] == ["withdrawn"]
    assert not PointOfSale.objects.filter(status="published").exists()


def test_what_a_list_says_while_it_leaves_is_remembered_too(client, tmp_path):
    """A slip in the name is not what withdrew, until the list is seen to mean it."""
    generic(tmp_path, "marches")
    place = PointOfSale.objects.get(status="published")
    leave(client, place)
    report = generic(tmp_path, "annuaire", identifiant="z3", nom="LE FOURNIL DU PONTS")
    assert [result.code for result in report.rows] == ["withdrawn"]
    assert set(PointOfSale.objects.values_list("pk", "status")) == {(place.pk, "hidden")}
    assert leaving.purge(timezone.now() + timedelta(days=31)) == 1
    report = generic(tmp_path, "annuaire", identifiant="z3", nom="LE FOURNIL DU PONTS")
    assert [result.code for result in report.rows] == ["withdrawn"]
    assert not PointOfSale.objects.exists()


def test_who_asks_says_that_it_is_theirs(client, farm):
    answer = client.post(f"/retirer/{farm.pk}/", {"email": "lise@example.org"})
    assert answer.status_code == 400
    assert "lise@example.org" in answer.content.decode()
    assert not Deletion.objects.exists()


def test_it_is_confirmed_to_who_asked_and_the_address_is_not_kept(client, farm, mailoutbox):
    farm.merchant.email = ""
    farm.merchant.save()
    leave(client, farm, email="lise@example.org")
    (mail,) = mailoutbox
    assert mail.to == ["lise@example.org"]
    assert "Ferme des Prés" in mail.body
    assert "lise@example.org" not in str(Deletion.objects.values().get())


@pytest.mark.parametrize("asked_by", ["", "Ferme@Example.org"])
def test_the_contact_on_file_is_told_once_and_how_to_undo_it(client, farm, mailoutbox, asked_by):
    farm.merchant.email = "ferme@example.org"
    farm.merchant.save()
    leave(client, farm, email=asked_by)
    (mail,) = mailoutbox
    assert mail.to[0].lower() == "ferme@example.org"
    assert "Si vous n'avez rien demandé" in mail.body


def test_an_entry_with_an_owner_is_its_owners_to_withdraw(client):
    place = owned_place()
    page = client.get(f"/retirer/{place.pk}/").content.decode()
    assert "/mon-commerce/droits/" in page
    assert f"/signaler/{place.pk}/" in page
    assert 'name="mine"' not in page
    assert leave(client, place).status_code == 400
    assert leave(log_in(place.merchant.owner), place).status_code == 400
    assert not Deletion.objects.exists()


def test_nobody_empties_the_directory(client, farm):
    others = [point_of_sale(f"Ferme {number}") for number in range(4)]
    assert [leave(client, place).status_code for place in others] == [302, 302, 302, 429]
    assert leave(client, farm).status_code == 429
    assert Deletion.objects.count() == 3


def test_when_many_leave_the_rest_waits_for_a_person_and_is_told_so(client, farm, monkeypatch):
    monkeypatch.setattr(withdrawing, "MOST_IN_ALL", 1)
    leave(client, point_of_sale("Ferme 1"))
    answer = leave(client, farm, email="lise@example.org")
    assert (answer.status_code, answer.url) == (302, "/retirer/attend/")
    assert "jusqu'à ce qu'une personne ait lu" in client.get(answer.url).content.decode()
    report = Report.objects.get()
    assert (report.point_of_sale, report.text) == (farm, "Demande de retrait de la fiche.")
    assert report.email == "lise@example.org"
    farm.refresh_from_db()
    assert (farm.status, "reported" in farm.reviews) == ("published", True)


def test_all_points_of_sale_leave_and_are_named_before(client, farm):
    stall = point_of_sale("Étal de Blois", merchant=farm.merchant, commune="41018")
    assert "Étal de Blois" in client.get(f"/retirer/{farm.pk}/").content.decode()
    leave(client, farm)
    stall.refresh_from_db()
    assert stall.status == "hidden"
