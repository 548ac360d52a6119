"""Hours on a sheet: the usual week, today's line, the dates that differ, and the rules that no week tells."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.utils import timezone, translation

from directory.models import Schedule
from directory.questions.opening import local_zone
from maps.sheets.opening import hours, usual_weeks
from maps.sheets.rules import beyond_a_week, changes_with_the_year
from tests.builders import point_of_sale
from tests.maps.test_pages import _strict_templates, get, text_of  # noqa: F401

pytestmark = pytest.mark.django_db
FRIDAY = datetime(2026, 11, 27, 15, 0, tzinfo=local_zone())


@pytest.fixture(autouse=True)
def _friday(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: FRIDAY)


def told(text):
    return hours(text, usual_weeks(Schedule(text=text), FRIDAY), FRIDAY)


def plain(text):
    return text.replace("\u00a0", " ")


class TestWeek:
    def test_today_is_marked(self):
        (week,) = told("Mo-Fr 09:00-12:30,14:00-18:00; Sa 10:00-24:00").weeks
        assert week.since == ""
        assert [line.day for line in week.lines] == [
            "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
        ]  # fmt: skip
        assert [line.day for line in week.lines if line.today] == ["vendredi"]
        said = [plain(line.hours) for line in week.lines]
        assert said == ["9 h – 12 h 30, 14 h – 18 h"] * 5 + ["10 h – minuit", "fermé"]

    def test_a_day_that_is_unusual_today_says_so(self):
        found = told("Mo-Su 09:00-18:00; 2026 Nov 27 off")
        (today,) = (line for line in found.weeks[0].lines if line.today)
        assert (today.hours, today.unusual) == ("fermé", True)
        assert found.dates == [], "today's line says it"

    def test_dates_that_differ(self):
        found = told("Mo-Sa 09:00-19:00; Dec 24-Jan 02 off; 2026 Dec 01 08:00-20:00; 2026 Dec 06 10:00-12:00")
        assert [(when, plain(what)) for when, what in found.dates] == [
            ("mardi 1er décembre", "8 h – 20 h"),
            ("dimanche 6 décembre", "10 h – midi"),
            ("du 24 décembre au 2 janvier", "fermé"),
        ]

    def test_a_season_to_come(self):
        found = told("Mar-Dec: Mo-Fr 09:00-18:00; Jan-Feb: Sa 09:00-12:00")
        assert [week.since for week in found.weeks] == ["", "À partir du 1er janvier"]
        assert not any(line.today for line in found.weeks[1].lines)

    def test_every_day_is_one_line(self):
        assert [(line.day, line.hours) for line in told("24/7").weeks[0].lines] == [("tous les jours", "24 h sur 24")]

    def test_what_is_not_known(self):
        lines = told('Mo-Fr 09:00-12:00; Sa "sur rendez-vous"; Su 19:00+').weeks[0].lines
        assert lines[5].hours == "à confirmer"
        assert plain(lines[6].hours) == "à confirmer"
        assert told("SH 09:00-12:00").weeks == []

    def test_in_english(self):
        with translation.override("en"):
            line = told("Mo-Fr 09:00-12:30").weeks[0].lines[0]
            assert (line.day, plain(line.hours)) == ("Monday", "9 am – 12:30 pm")


class TestRules:
    @pytest.mark.parametrize("text", ["Mo-Fr 09:00-12:30,14:00-18:00; Sa 09:00-12:30; Su off", "24/7", "08:00-20:00"])
    def test_a_week_says_all(self, text):
        assert beyond_a_week(text) == []
        assert not changes_with_the_year(text)

    @pytest.mark.parametrize(
        ("text", "rules"),
        [
            ("Mo-Fr 09:00-12:00; PH off", ["jours fériés : fermé"]),
            ("Tu-Sa 09:00-12:00; Su,PH 09:00-12:00", ["dim., jours fériés 09:00–12:00"]),
            ("Apr-Oct: We,Sa 14:00-18:00", ["avril–octobre : mer., sam. 14:00–18:00"]),
            ("Mo 09:00-12:00; Aug 1-20 off", ["lun. 09:00–12:00", "1–20 août : fermé"]),
            ("Dec 24-Jan 02 off", ["24 décembre–2 janvier : fermé"]),
            ("May 01 off", ["1er mai : fermé"]),
            ("2026 Dec 25 off", ["25 décembre 2026 : fermé"]),
            ('Sa "Apr; Mo is no day - here"', ["sam. « Apr; Mo is no day - here »"]),
        ],
    )
    def test_what_it_does_not_say(self, text, rules):
        assert [plain(rule) for rule in beyond_a_week(text)] == rules

    @pytest.mark.parametrize("text", ["Apr-Oct: Mo 09:00-12:00", "week 1-10 Mo 09:00-12:00", "2026 Dec 25 off"])
    def test_the_year_changes_it(self, text):
        assert changes_with_the_year(text)
        assert not changes_with_the_year(f'Mo 09:00-12:00 open "{text}"')


class TestPage:
    def test_the_page_says_it(self, client):
        place = point_of_sale("Ferme", schedule=Schedule.objects.create(text="Mo-Sa 09:00-19:00; Dec 24-Jan 02 off"))
        page = get(client, f"/m/{place.merchant_id}-ferme/")
        text = plain(text_of(page))
        assert "Ouvert · ferme à 19 h" in text
        assert "vendredi aujourd'hui 9 h – 19 h" in text
        assert "Dates particulières du 24 décembre au 2 janvier fermé" in text
        assert page.count('class="today"') == 1

    def test_hours_never_given(self, client):
        place = point_of_sale("Ferme")
        page = get(client, f"/m/{place.merchant_id}-ferme/")
        assert "Horaires inconnus" in page
        assert "<dl" not in page.split("<footer")[0]
