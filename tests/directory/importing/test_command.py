"""`manage.py import_merchants`: what a person reads."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from directory.models import PointOfSale
from tests.directory.importing.conftest import row, siret

pytestmark = pytest.mark.django_db


def run(path, *arguments: str, mapping: str = "alimconfiance") -> str:
    out = StringIO()
    call_command("import_merchants", str(path), "--mapping", mapping, *arguments, stdout=out, no_color=True)
    return out.getvalue()


def test_a_dry_run_shows_a_diff_and_how_to_apply_it(write_file):
    said = run(write_file([row(nom="LE BISTROT [RED]"), row(2, activites="Restauration collective")]))
    assert "line 2  added  Le Bistrot [Red]" in said
    assert f"    + {siret(1)} · restaurant · 1 Rue du Change · 41100 · Vendôme (41269) · restaurant" in said
    assert "2 rows read = 1 written + 0 unchanged + 0 held + 0 skipped + 1 refused" in said
    assert "not_a_shop" in said
    assert "Nothing was written: this was a dry run" in said
    assert "--write" in said.splitlines()[-1]
    assert not PointOfSale.objects.exists()


def test_write_then_change_then_nothing(write_file):
    assert "Written, in one transaction" in run(write_file([row(), row(2)]), "--write")
    PointOfSale.objects.filter(siret=siret(2)).update(street="Chez moi")
    changed = write_file([row(adresse="2 RUE POTERIE"), row(2, adresse="3 RUE POTERIE", activites="Traiteur")])
    said = run(changed)
    assert "    - street: 1 Rue du Change\n    + street: 2 Rue Poterie" in said
    assert "    = street: kept, edited here" in said
    run(changed, "--write")
    assert "Nothing to write: the directory is in step with the file" in run(changed, "--write")
    assert f"    {siret(2)}" in run(write_file([row(adresse="2 RUE POTERIE")])).split("nothing is done to them:")[1]


def test_only_the_first_changes_are_shown(write_file):
    said = run(write_file([row(number) for number in range(30)]))
    assert said.count("line ") == 20
    assert "… 30 rows are written in all; --report FILE.csv lists every one." in said


def test_the_report_has_every_row_and_no_formula(write_file, tmp_path):
    rows = [row(nom="=CMD(1)"), row(2, commune="Xyzzy"), row(3, nom="CHERY SERGE", code_postal="41033")]
    run(write_file(rows), "--report", str(tmp_path / "report.csv"))
    with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file, delimiter=";"))
    assert [(line["line"], line["outcome"], line["code"]) for line in lines] == [
        ("2", "written", "added"),
        ("3", "refused", "unknown_commune"),
        ("4", "held", "natural_person"),
    ]
    assert lines[0]["name"].startswith("'=")
    assert "the nearest name is" in lines[1]["message"]
    assert "postcode_mismatch: 41033 is no postcode of Vendôme" in lines[2]["notes"]


@pytest.mark.parametrize(
    ("name", "mapping", "says"),
    [
        ("absent.csv", "alimconfiance", "no such file"),
        ("merchants.csv", "unheard_of", "Known: alimconfiance, generic"),
        ("merchants.csv", "broken.toml", "There is no mapping"),
    ],
)
def test_failures_are_one_sentence(write_file, name, mapping, says):
    path = write_file([row()]).with_name(name)
    with pytest.raises(CommandError, match=says):
        run(path, mapping=mapping)


def test_a_report_that_cannot_be_written_is_said_before_the_import(write_file, tmp_path):
    with pytest.raises(CommandError, match="no such folder"):
        run(write_file([row()]), "--write", "--report", str(tmp_path / "absent" / "report.csv"))
    assert not PointOfSale.objects.exists()


def test_the_generic_mapping_reads_what_its_documentation_shows(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(
        "nom;adresse;code_postal;commune;lat;lon;activites;produits;courriel;horaires\n"
        "Ferme des Trois Chênes;La Borde;41100;Vendôme;47,7931;1,0656;goat_farm;"
        "goat_cheese|Œufs;a@exemple.fr;Fr 16:00-19:00\n"
    )
    assert "1 rows read = 1 written" in run(path, "--write", mapping="generic")
    place = PointOfSale.objects.get()
    assert place.kind == "farm_gate"
    assert set(place.offers.values_list("product__code", flat=True)) == {"goat_cheese", "eggs"}
