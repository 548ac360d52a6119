"""The owner's page of hours: what is typed, how it is read back, and that the search follows at once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from directory.models import PointOfSale, Schedule
from maps.editing import hours
from tests.builders import owned_place

pytestmark = pytest.mark.django_db
ALWAYS = "24/7"


@pytest.fixture
def place():
    return owned_place(name="Ferme des Prés", products=["honey"])


@pytest.fixture
def signed_in(client, place):
    client.force_login(place.merchant.owner, backend="django.contrib.auth.backends.ModelBackend")
    return client


def path(place):
    return f"/mon-commerce/{place.pk}/horaires/"


def text_of(place):
    schedule = PointOfSale.objects.get(pk=place.pk).schedule
    return schedule.text if schedule else ""


def send(client, place, **fields):
    return client.post(path(place), {"holidays": "usual", "do": "save"} | fields)


def open_now(client):
    return {feature["id"] for feature in client.get("/api/v1/merchants/?open=now&product=honey").json()["features"]}


def with_hours(place, text):
    place.schedule_id = Schedule.objects.ids_of([text])[text]
    place.save()


def test_a_week_as_a_person_types_it(signed_in, place):
    typed = {"mo-0-from": "9h", "mo-0-to": "midi", "mo-1-from": "14 h 30", "mo-1-to": "18:00", "tu-same": "on",
             "sa-0-from": "9", "sa-0-to": "12.30", "su-closed": "on", "holidays": "closed",
             "otherwise": "sur  rendez-vous"}  # fmt: skip
    response = send(signed_in, place, **typed)
    assert response.status_code == 302
    assert text_of(place) == 'Mo,Tu 09:00-12:00,14:30-18:00; Sa 09:00-12:30; PH off || "sur rendez-vous"'
    page = signed_in.get(path(place)).content.decode()
    assert "9\u00a0h – midi, 14\u00a0h\u00a030 – 18\u00a0h" in page
    assert 'value="14 h 30"' in page
    assert PointOfSale.objects.get(pk=place.pk).confirmed_at is not None
    assert place.history.first().history_user == place.merchant.owner


def test_it_is_read_back_before_it_is_saved(signed_in, place):
    page = send(signed_in, place, do="preview", **{"fr-0-from": "22 h", "fr-0-to": "2 h"})
    assert page.status_code == 200
    assert "pas encore enregistré" in page.content.decode()
    assert "Vendredi : de 22 h jusqu'à 2 h le lendemain." in page.context["notes"]
    assert 'value="22 h"' in page.content.decode()
    assert text_of(place) == ""


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"mo-0-from": "9h"}, "Donnez les deux heures"),
        ({"mo-0-from": "matin", "mo-0-to": "12h"}, "Cette heure ne se lit pas"),
        ({"mo-0-from": "14h", "mo-0-to": "9h"}, "La fin est avant le début"),
        ({"mo-0-from": "9h", "mo-0-to": "9h"}, "Ces deux heures sont les mêmes"),
        ({"mo-0-from": "9h", "mo-0-to": "14h", "mo-1-from": "12h", "mo-1-to": "18h"}, "se chevauchent"),
        ({"holidays": "open"}, "Donnez ces heures"),
        ({"mo-0-from": "9 h 5", "mo-0-to": "midi"}, "9 h 05"),
        ({"fr-0-from": "18", "fr-0-to": "4", "sa-0-from": "2", "sa-0-to": "9"}, "La nuit de vendredi dure encore"),
    ],
)
def test_what_cannot_be_is_said_beside_the_day_and_stays_typed(signed_in, place, typed, said):
    page = send(signed_in, place, **typed)
    assert page.status_code == 422
    days = [*page.context["usual"].rows(), page.context["usual"].holidays_row()]
    assert any(said in error for row in days for error in row.errors)
    assert all(f'value="{value}"' in page.content.decode() for value in typed.values())
    assert text_of(place) == ""


def test_closed_today_changes_what_the_search_says_is_open(signed_in, place):
    with_hours(place, ALWAYS)
    assert open_now(signed_in) == {place.pk}
    assert signed_in.post(path(place), {"do": "closed_today"}).status_code == 302
    assert open_now(signed_in) == set()
    today = timezone.localdate().isoformat()
    assert signed_in.post(path(place), {"do": "remove", "dates": f"{today}/{today}"}).status_code == 302
    assert open_now(signed_in) == {place.pk}
    assert text_of(place) == ALWAYS


def test_closed_today_says_nothing_of_other_days_where_hours_are_not_known(signed_in, place):
    signed_in.post(path(place), {"do": "closed_today"})
    assert text_of(place).startswith("Mo-Su unknown; ")
    answer = signed_in.get("/api/v1/merchants/?open=now&product=honey").json()
    assert (answer["numberMatched"], answer["unknownHours"]) == (0, 0)


def test_days_off_and_one_day_open(signed_in, place):
    with_hours(place, "Mo-Sa 09:00-12:00")
    today = timezone.localdate()
    first, last = today + timedelta(days=3), today + timedelta(days=9)
    signed_in.post(path(place), {"do": "leave", "leave-first": first.isoformat(), "leave-last": last.isoformat()})
    opened = {
        "special-first": (today + timedelta(days=5)).isoformat(),
        "special-opens": "10h",
        "special-closes": "midi",
    }
    signed_in.post(path(place), {"do": "special"} | opened)
    page = signed_in.get(path(place))
    assert [(one.first, one.last, bool(one.day)) for one, *_ in page.context["dates"]] == [
        (first, last, False),
        (today + timedelta(days=5), today + timedelta(days=5), True),
    ]
    assert text_of(place).count(";") == 2
    # The week is saved again: what was said of dates stays.
    send(signed_in, place, **{"mo-0-from": "8h", "mo-0-to": "midi"})
    assert text_of(place).startswith("Mo 08:00-12:00; ")
    assert text_of(place).count(";") == 2


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"do": "leave", "leave-first": "2020-01-01"}, "passé"),
        ({"do": "leave", "leave-first": "2099-01-01"}, "plus de deux ans"),
        ({"do": "leave", "leave-first": "0026-12-01", "leave-last": "in 20 days"}, "vérifiez l’année"),
        ({"do": "leave", "leave-first": "in 20 days", "leave-last": "in 400 days"}, "plus d’un an"),
        ({"do": "leave", "leave-first": "2099-01-02", "leave-last": "2099-01-01"}, "avant le premier"),
        ({"do": "special", "special-first": "2020-01-01", "special-opens": "9", "special-closes": "9"}, "les mêmes"),
    ],
)
def test_dates_that_cannot_be(signed_in, place, fields, said):
    with_hours(place, "Mo 09:00-12:00")
    page = signed_in.post(path(place), {name: dated(value) for name, value in fields.items()})
    assert page.status_code == 422
    assert said in page.content.decode().replace("&#x27;", "’")
    assert text_of(place) == "Mo 09:00-12:00"


def dated(value):
    found = re.fullmatch(r"in (\d+) days", value)
    return (timezone.localdate() + timedelta(days=int(found[1]))).isoformat() if found else value


def test_closed_tomorrow_leaves_tonight(signed_in, place):
    with_hours(place, "Mo-Su 18:00-02:00")
    signed_in.post(path(place), {"do": "closed_tomorrow"})
    assert re.search(r" off, .* 00:00-02:00, .* 00:00-02:00 off$", text_of(place))
    page = signed_in.get(path(place))
    assert [rule for rule in page.context["hours"].rules if "00:00" in rule] == [], "what follows is not told"
    assert len(page.context["dates"]) == 1


def test_what_could_not_be_read_is_never_stored(signed_in, place, monkeypatch):
    """Whatever the forms let through: hours that are there are not lost for it."""
    with_hours(place, "Mo 09:00-12:00")
    monkeypatch.setattr("maps.editing.hours_form.LONGEST_PAST", timedelta(days=738_000))
    monkeypatch.setattr("maps.editing.hours_form.LONGEST", timedelta(days=738_000))
    last = dated("in 20 days")
    page = signed_in.post(path(place), {"do": "leave", "leave-first": "0026-12-01", "leave-last": last})
    assert page.status_code == 422
    assert "Horaires illisibles" in page.content.decode()
    assert text_of(place) == "Mo 09:00-12:00"


def test_a_year_that_is_not_this_or_the_next_is_named(signed_in, place):
    with_hours(place, f"Mo 09:00-12:00; 0026 Dec 01-{timezone.localdate().year + 1} Dec 20 off")
    page = signed_in.get(path(place)).content.decode()
    assert f"Du 1er décembre au 20 décembre (26 – {timezone.localdate().year + 1}) : fermé" in page


def test_both_times_in_the_first_box(signed_in, place):
    for typed in ("8h-12h", "8h à 12h", "de 8 h – midi"):
        send(signed_in, place, **{"mo-0-from": typed})
        assert text_of(place) == "Mo 08:00-12:00", typed
    special = {"do": "special", "special-first": dated("in 3 days"), "special-opens": "8h30 - 12h30"}
    assert signed_in.post(path(place), special).status_code == 302


def test_a_tap_from_another_phone_is_kept_while_a_text_is_typed(signed_in, place, monkeypatch):
    """The tap comes after the page of hours was read, and before it is written."""
    with_hours(place, "Apr-Sep Mo-Sa 09:00-19:00")
    other = Client()
    other.force_login(place.merchant.owner, backend="django.contrib.auth.backends.ModelBackend")
    asked = hours.asked

    def tapped(request, page):
        monkeypatch.setattr(hours, "asked", asked)
        other.post(path(place), {"do": "closed_today"})
        return asked(request, page)

    monkeypatch.setattr(hours, "asked", tapped)
    signed_in.post(path(place), {"do": "save", "text": "May-Sep Mo-Sa 09:00-19:00"})
    assert text_of(place).startswith("May-Sep Mo-Sa 09:00-19:00; ")


def test_no_sign_that_turns_the_writing_around_is_kept(signed_in, place):
    send(signed_in, place, otherwise="sur\u202e rendez\u0007-vous", **{"mo-0-from": "9", "mo-0-to": "12"})
    assert text_of(place) == 'Mo 09:00-12:00 || "sur rendez-vous"'


def test_dates_that_are_over_are_let_go_when_something_is_saved(signed_in, place):
    with_hours(place, "Mo-Sa 09:00-12:00; 2020 Aug 01-15 off")
    signed_in.post(path(place), {"do": "closed_tomorrow"})
    assert "2020" not in text_of(place)


def test_seasons_are_kept_as_they_are_written(signed_in, place):
    seasons = "Apr-Sep Mo-Sa 09:00-19:00; Oct-Mar Sa 09:00-12:30"
    with_hours(place, seasons)
    page = signed_in.get(path(place)).content.decode()
    assert "Syntaxe OpenStreetMap" in page
    assert seasons in page
    signed_in.post(path(place), {"do": "closed_today"})
    assert text_of(place).startswith(f"{seasons}; ")
    refused = signed_in.post(path(place), {"do": "save", "text": "tous les jours"})
    assert refused.status_code == 422
    assert "Horaires illisibles" in refused.content.decode()
    signed_in.post(path(place), {"do": "save", "text": "Mo-Sa 09:00-12:00"})
    assert text_of(place).startswith("Mo-Sa 09:00-12:00; "), "today's closing stays"
    assert "mo-0-from" in signed_in.get(path(place)).content.decode()


def test_nothing_typed_is_hours_unknown(signed_in, place):
    with_hours(place, "Mo-Sa 09:00-12:00")
    send(signed_in, place)
    assert PointOfSale.objects.get(pk=place.pk).schedule is None


def test_a_day_of_four_stretches_is_lost_to_nobody(signed_in, place):
    four = "Mo 08:00-09:00,10:00-11:00,12:00-13:00,14:00-15:00"
    with_hours(place, four)
    page = signed_in.get(path(place))
    assert page.context["as_text"]
    signed_in.post(path(place), {"do": "save", "text": four})
    assert text_of(place) == four


def test_hours_typed_for_a_day_that_was_closed_open_it(signed_in, place):
    """The box is ticked when the page comes; who types hours beside it does not think of it."""
    with_hours(place, "Mo 09:00-12:00")
    assert 'name="tu-closed" id="id_tu-closed" checked' in signed_in.get(path(place)).content.decode()
    shut = {f"{day}-closed": "on" for day in ("tu", "we", "th", "fr", "sa", "su")}
    typed = {"mo-0-from": "9 h", "mo-0-to": "midi", "tu-0-from": "14 h", "tu-0-to": "18 h"}
    send(signed_in, place, **shut, **typed)
    assert text_of(place) == "Mo 09:00-12:00; Tu 14:00-18:00"
    # Ticked anew beside hours that are there, it closes the day.
    del shut["tu-closed"]
    send(signed_in, place, **shut | typed | {"mo-closed": "on"})
    assert text_of(place) == "Tu 14:00-18:00"
