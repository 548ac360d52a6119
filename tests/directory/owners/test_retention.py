"""What was kept for a purpose that is served is forgotten when its time has come, and not before."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from axes.models import AccessLog
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.utils import timezone

from directory.models import Claim, Official, OwnerNotice, Registration, Report
from directory.owners import retention
from directory.owners.retention import ACCESS, ACCOUNTS, DECIDED, EMAILS, REGISTRATIONS, forget
from tests.builders import owned_place, owner

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def ago(time: timedelta):  # type: ignore[no-untyped-def]
    return timezone.now() - time


def test_a_form_that_nobody_finished_goes_after_thirty_days():
    for age in (REGISTRATIONS - DAY, REGISTRATIONS + DAY):
        made = Registration.objects.create(data={"who": "Zephirine"})
        Registration.objects.filter(pk=made.pk).update(updated_at=ago(age))
    forget()
    assert Registration.objects.count() == 1


def test_reports_and_refused_claims_go_a_year_after_the_decision_with_their_history():
    place, by = owned_place(), owner("autre@example.org")
    for age in (DECIDED - DAY, DECIDED + DAY):
        Report.objects.create(point_of_sale=place, kind="other", text="x", state="accepted", handled_at=ago(age))
        for state in ("refused", "granted"):
            Claim.objects.create(point_of_sale=place, by=by, means="letter", state=state, decided_at=ago(age))
    Report.objects.create(point_of_sale=place, kind="hours")
    forget()
    assert Report.objects.count() == Report.history.values("id").distinct().count() == 2
    assert sorted(Claim.objects.values_list("state", flat=True)) == ["granted", "granted", "refused"]
    assert Claim.history.values("id").distinct().count() == 3


def test_an_address_stays_while_its_reader_waits_to_be_told():
    place = owned_place()
    waits = Report.objects.create(point_of_sale=place, kind="hours", email="a@example.org")
    told = Report.objects.create(
        point_of_sale=place, kind="hours", email="b@example.org", state="refused", handled_at=timezone.now()
    )
    forget()
    assert [Report.objects.get(pk=each.pk).email for each in (waits, told)] == ["a@example.org", ""]


def test_notices_go_a_year_after_they_were_told():
    merchant = owned_place().merchant
    for told in (None, ago(DECIDED - DAY), ago(DECIDED + DAY)):
        OwnerNotice.objects.create(merchant=merchant, what={"code": "changed"}, told_at=told)
    forget()
    assert OwnerNotice.objects.count() == 2


def test_who_signed_in_from_where_goes_after_half_a_year(client):
    for age in (ACCESS - DAY, ACCESS + DAY):
        made = AccessLog.objects.create(username="a", ip_address="127.0.0.1")
        AccessLog.objects.filter(pk=made.pk).update(attempt_time=ago(age))
    client.force_login(owner(), backend="django.contrib.auth.backends.ModelBackend")
    AccessLog.objects.filter(username="chevrier@example.org").delete()
    forget()
    assert AccessLog.objects.count() == 1
    assert Session.objects.count() == 1
    forget(timezone.now() + timedelta(days=15))
    assert not Session.objects.exists()


class TestAccounts:
    @pytest.fixture
    def idle(self) -> User:
        user = owner("oisive@example.org")
        User.objects.filter(pk=user.pk).update(date_joined=ago(ACCOUNTS + DAY))
        return user

    def test_one_that_owns_nothing_goes(self, idle):
        forget()
        assert not User.objects.exists()

    @pytest.mark.parametrize("why", ["joined", "signed in", "owns", "claims", "registers", "official", "password"])
    def test_one_with_a_reason_stays(self, idle, why):
        match why:
            case "joined":
                User.objects.update(date_joined=ago(ACCOUNTS - DAY))
            case "signed in":
                User.objects.update(last_login=ago(ACCOUNTS - DAY))
            case "owns":
                owned_place(idle.username)
            case "claims":
                Claim.objects.create(point_of_sale=owned_place("b@example.org"), by=idle, means="letter")
            case "registers":
                Registration.objects.create(owner=idle)
            case "official":
                Official.objects.create(user=idle, departement_id="41")
            case "password":
                idle.set_password("un mot de passe")
                idle.save(update_fields=["password"])
        forget()
        assert User.objects.filter(pk=idle.pk).exists()


def test_the_page_says_the_times_that_are_kept(client):
    page = client.get("/donnees-personnelles/").content.decode()
    times = [retention.REGISTRATIONS, retention.ACCOUNTS, retention.ACCESS]
    assert [time.days for time in times] == [30, 30, 180]
    for words in ("30 jours", "3 mois", "6 mois", "1 an", "30 minutes"):
        assert words in page


def test_e_mails_that_are_files_go_after_a_week(settings, tmp_path):
    settings.EMAIL_FILE_PATH = tmp_path
    for age in (EMAILS - DAY, EMAILS + DAY):
        path = tmp_path / f"{age.days}.log"
        path.write_text("votre code : 123456")
        os.utime(path, (ago(age).timestamp(),) * 2)
    forget()
    assert len(list(tmp_path.iterdir())) == 2, "no file of another backend's is ours"
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    forget()
    assert [path.stem for path in tmp_path.iterdir()] == ["6"]
