"""The merchant's home: its own entries alone, what they lack, one tap to confirm; the link of the yearly e-mail."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.utils import timezone

from directory.models import PointOfSale, Schedule, SearchEntry
from directory.owners import leaving
from directory.owners.freshness import Step
from maps.space import confirming
from tests.builders import owned_place, owner, point_of_sale
from tests.maps.admin_desk import log_in

pytestmark = pytest.mark.django_db
HOME = "/mon-commerce/"
NASTY = "<script>alert(1)</script>"


@pytest.fixture
def goats(db) -> PointOfSale:
    return owned_place(name="Chèvrerie du Loir")


@pytest.fixture
def own(goats) -> Client:
    return log_in(goats.merchant.owner)


def page(client: Client) -> str:
    response = client.get(HOME)
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    return response.content.decode().replace("&#x27;", "'")


def tap(place: PointOfSale) -> str:
    return f"/mon-commerce/{place.pk}/juste/"


class TestWhoSeesWhat:
    def test_a_stranger_is_asked_to_sign_in(self, client, goats):
        for answer in (client.get(HOME), client.post(tap(goats))):
            assert answer.url.startswith("/connexion/?next=/mon-commerce/")

    def test_one_s_own_entries_and_nobody_else_s(self, own, goats):
        owned_place("boulanger@example.org", name="Fournil de Vendôme")
        said = page(own)
        assert "Chèvrerie du Loir" in said
        assert "Fournil" not in said

    def test_another_s_is_not_confirmed(self, goats):
        owner("boulanger@example.org")
        client = log_in(User.objects.get(username="boulanger@example.org"))
        assert client.post(tap(goats)).status_code == 404
        goats.refresh_from_db()
        assert goats.confirmed_at is None

    def test_a_link_confirms_nothing(self, own, goats):
        assert own.get(tap(goats)).status_code == 405

    def test_who_has_none_is_told_the_ways_to_one(self, db):
        said = page(log_in(owner()))
        assert 'href="/inscription/"' in said
        assert "C'est mon commerce" in said

    def test_as_many_queries_for_many_as_for_one(self, own, goats, django_assert_max_num_queries):
        for number in range(5):
            owned_place(name=f"Étal {number}", products=["cheese"])
        with django_assert_max_num_queries(10):
            page(own)

    def test_names_are_text(self, own, goats):
        goats.merchant.name = NASTY
        goats.merchant.save()
        assert NASTY not in page(own)


class TestWhatIsSaid:
    @pytest.mark.parametrize(
        ("status", "said", "sheet", "button"),
        [
            ("published", "Publiée", True, True),
            ("draft", "Brouillon", False, False),
            ("hidden", "Masquée : le public ne la voit pas", False, False),
            ("closed", "Fermée définitivement", False, False),
        ],
    )
    def test_the_state_in_words(self, own, goats, status, said, sheet, button):
        PointOfSale.objects.update(status=status)
        shown = page(own)
        assert said in shown
        assert ("Voir la fiche publique" in shown) is sheet
        assert ("Tout est juste" in shown) is button

    def test_what_is_merged_is_not_shown(self, own, goats):
        other = owned_place(name="Ancienne fiche")
        other.status, other.merged_into = "merged", goats
        other.save()
        assert "Ancienne fiche : " not in page(own)

    def test_what_is_lacking(self, own, goats):
        said = page(own)
        for page_ in ("epingle", "horaires", "produits"):
            assert f'href="/mon-commerce/{goats.pk}/{page_}/"' in said.split("Il reste à faire")[1]

    def test_nothing_is_where_all_is_there(self, own, db):
        schedule = Schedule.objects.create(text="Mo-Sa 09:00-12:00")
        PointOfSale.objects.all().delete()
        owned_place(products=["cheese"], schedule=schedule, pin_precision="manual", pin_source="manual")
        assert "Il reste à faire" not in page(own)

    def test_what_nobody_confirmed_and_its_owner_deletes_is_not_confirmed(self, own, goats):
        PointOfSale.objects.update(status="hidden", stale_since=timezone.now(), look_at=None)
        leaving.leave(goats.merchant, goats.merchant.owner)
        assert "Tout est juste" not in page(own)

    def test_a_deletion_that_waits_is_undone_from_here(self, own, goats):
        leaving.leave(goats.merchant, goats.merchant.owner)
        said = page(own)
        assert "effacée pour de bon le" in said
        assert "Annuler la suppression" in said
        assert "Tout est juste" not in said
        assert own.post(tap(goats)).status_code in (302, 404)
        goats.refresh_from_db()
        assert goats.status == "hidden"


class TestOneTap:
    def test_confirms_today(self, own, goats):
        assert "pas encore confirmée" in page(own)
        assert own.post(tap(goats)).url == HOME
        goats.refresh_from_db()
        assert timezone.now() - goats.confirmed_at < timedelta(minutes=1)
        said = page(own)
        assert "est confirmée aujourd'hui" in said
        assert "Confirmée le" in said

    def test_brings_back_what_nobody_had_confirmed(self, own, goats):
        long_ago = timezone.now() - timedelta(days=900)
        PointOfSale.objects.update(status="hidden", stale_since=long_ago, look_at=None, created_at=long_ago)
        assert "personne ne l'a confirmée depuis longtemps" in page(own)
        own.post(tap(goats))
        goats.refresh_from_db()
        assert (goats.status, goats.stale_since) == ("published", None)
        assert SearchEntry.objects.filter(pk=goats.pk).exists()

    def test_a_draft_is_not_confirmed(self, own, goats):
        PointOfSale.objects.update(status="draft")
        assert own.post(tap(goats)).status_code == 404


class TestTheYearlyLink:
    def link(self, places: list[PointOfSale], step: Step = Step.REMIND) -> str:
        assert confirming.tell(places[0].merchant.owner, step, places)
        return re.search(r"http://\S+?(/mon-commerce/juste/\S+)", mail.outbox[-1].body)[1]

    def test_confirms_without_signing_in_and_opens_nothing_else(self, client, goats):
        stall = point_of_sale("", merchant=goats.merchant, kind="market_stall")
        link = self.link([goats, stall])
        assert mail.outbox[-1].to == ["chevrier@example.org"]
        shown = client.get(link).content.decode()
        for place in (f"{goats.display_name} (ferme, Vendôme)", f"{stall.display_name} (étal de marché, Vendôme)"):
            assert place in shown
            assert place in mail.outbox[-1].body
        assert not PointOfSale.objects.exclude(confirmed_at=None).exists()
        assert "C'est confirmé" in client.post(link, follow=True).content.decode()
        assert PointOfSale.objects.exclude(confirmed_at=None).count() == 2
        assert PointOfSale.history.filter(history_user=goats.merchant.owner).count() >= 2
        assert client.get(HOME).status_code == 302

    def test_names_no_more_what_is_no_more_the_owner_s(self, client, goats):
        link = self.link([goats])
        goats.merchant.owner = owner("boulanger@example.org")
        goats.merchant.save()
        assert client.get(link).status_code == 404
        assert client.post(link).status_code == 404
        goats.refresh_from_db()
        assert goats.confirmed_at is None

    @pytest.mark.parametrize("token", ["x", "a:b:c"])
    def test_made_up_leads_nowhere(self, client, token):
        assert client.get(f"/mon-commerce/juste/{token}/").status_code == 404

    def test_serves_for_months_and_no_longer(self, client, goats, monkeypatch):
        link = self.link([goats])
        now = timezone.now().timestamp()
        monkeypatch.setattr("django.core.signing.time.time", lambda: now + 119 * 86400)
        assert client.get(link).status_code == 200
        monkeypatch.setattr("django.core.signing.time.time", lambda: now + 121 * 86400)
        assert client.get(link).status_code == 404

    @pytest.mark.parametrize(
        ("step", "said"),
        [(Step.REMIND, "Une fois par an"), (Step.STALE, "sera masquée vers le"), (Step.HIDE, "ne la voit plus")],
    )
    def test_says_what_follows(self, goats, step, said):
        self.link([goats], step)
        assert said in mail.outbox[-1].body
