"""What départements write: a class is known or refused, never guessed; works are never promised too soon."""

from __future__ import annotations

from datetime import date

import pytest

from geo.coverage.importing.errors import Refused, UnreadableFile
from geo.coverage.zones.wording import LABEL_LENGTH, classes, fields_of, label_of, planned_of


@pytest.mark.parametrize(
    ("value", "speed"),
    [
        ("INEL", "INEL"), ("thd1g", "THD1G"), ("BHD8", "BHD8"), ("0", "INEL"), ("0.4", "INEL"), ("0,5", "HD05"),
        ("2.99", "HD05"), ("3", "HD3"), ("7.999", "HD3"), ("8", "BHD8"), ("8 Mbit/s", "BHD8"), ("29Mb/s", "BHD8"),
        ("30 Mbps", "THD30"), ("100", "THD100"), ("999", "THD100"), ("1000", "THD1G"), ("1 Gbit/s", "THD1G"),
    ],
)  # fmt: skip
def test_codes_and_numbers_are_classes(value, speed):
    assert classes([])(value) == speed


@pytest.mark.parametrize("value", ["bon débit", "-1", "< 8", "8 Mo/s", "nan", "1e3", "HD", "8-30"])
def test_what_is_not_known_is_refused_with_what_is(value):
    with pytest.raises(Refused, match="INEL, HD05, HD3, BHD8, THD30, THD100, THD1G and numbers of Mbit/s") as refused:
        classes([])(value)
    assert refused.value.code == "unknown_class"


def test_an_empty_class_is_refused():
    with pytest.raises(Refused, match="empty"):
        classes([])("")


def test_values_are_given_a_class_whatever_their_case():
    read = classes(["Bon Débit=BHD8", "a=b=hd3", "8=HD3"])
    assert (read("bon debit"), read("A=B"), read("8")) == ("BHD8", "HD3", "HD3")


@pytest.mark.parametrize("mapping", ["bon débit", "bon débit=", "=BHD8", "bon débit=8", ""])
def test_a_wrong_mapping_is_refused(mapping):
    with pytest.raises(UnreadableFile, match="VALUE=CLASS is expected, with one of INEL"):
        classes([mapping])


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("", None), ("2027-06-30", date(2027, 6, 30)), ("30/06/2027", date(2027, 6, 30)), ("2027", date(2027, 12, 31)),
        ("2027-06-30T00:00:00", date(2027, 6, 30)), ("T1 2028", date(2028, 3, 31)), ("2028-T4", date(2028, 12, 31)),
        ("S1 2027", date(2027, 6, 30)), ("2027 S2", date(2027, 12, 31)),
    ],
)  # fmt: skip
def test_periods_end_with_their_last_day(value, day):
    assert planned_of(value) == day


@pytest.mark.parametrize("value", ["bientôt", "2027-02-30", "S3 2027", "T5 2027", "27", "T1 2027 T2", "2027-06-30Tx"])
def test_what_is_no_date_is_refused(value):
    with pytest.raises(Refused, match="is no date"):
        planned_of(value)


def test_labels_keep_to_their_length_and_to_print():
    assert label_of("Hameau\x07 de la Brèche") == "Hameau de la Brèche"
    assert len(label_of("x" * 500)) == LABEL_LENGTH


def test_usual_names_of_fields_are_found_however_they_are_written():
    found = fields_of("f", ["gid", "Classe-Débit", "NOM", "Date prévue"], {})
    assert (found.klass, found.label, found.planned) == ("Classe-Débit", "NOM", "Date prévue")
    cut = fields_of("f", ["gid", "class_debi", "date_previ"], {})
    assert (cut.klass, cut.label, cut.planned) == ("class_debi", None, "date_previ")


def test_a_field_that_is_given_comes_first():
    assert fields_of("f", ["classe", "debit"], {"class": "debit"}).klass == "debit"
