"""What the pages say of an entry that cannot change hands, or has been merged."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from directory.claims import claiming, letters
from directory.models import Claim, PointOfSale
from directory.moderating.merging import merge
from directory.owners import leaving
from tests.builders import point_of_sale
from tests.claims_data import asked, owner_of
from tests.maps.admin_desk import log_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def disputed(farm, anne, bruno):
    farm.merchant.owner = anne
    farm.merchant.save()
    return asked(farm, bruno)


def merged_into_another(farm):
    kept = point_of_sale("Fournil du Loir")
    merge(kept, farm, {}, User.objects.create_user("zoe", is_staff=True))
    return kept


def test_the_letter_of_what_was_merged_says_into_which(client, farm, anne):
    code = letters.make(None, letters.due())[0].code
    kept = merged_into_another(farm)
    for visitor in (client, log_in(anne)):
        answer = visitor.post(f"/lettre/{code}/")
        page = answer.content.decode()
        assert (answer.status_code, "« Fournil du Loir »" in page) == (404, True)
        assert f'href="/revendiquer/{kept.pk}/"' in page
    assert (owner_of(kept), owner_of(farm)) == (None, None)
    PointOfSale.objects.filter(pk=kept.pk).update(status="hidden")
    assert "/revendiquer/" not in client.get(f"/lettre/{code}/").content.decode()


def test_so_does_the_page_of_its_claim(farm, anne):
    claim = asked(farm, anne, Claim.Means.CONTACT)
    code = claiming.new_code(claim)
    kept = merged_into_another(farm)
    answer = log_in(anne).post(f"/revendication/{claim.pk}/", {"code": code})
    assert f'href="/revendiquer/{kept.pk}/"' in answer.content.decode()
    assert owner_of(kept) is None


def test_an_owner_that_leaves_lets_nothing_go(farm, disputed, anne):
    leaving.leave(farm.merchant, anne)
    answer = log_in(anne).post(f"/revendication/{disputed.pk}/reponse/", {"do": "let_go"}, follow=True)
    assert "en cours de suppression" in answer.content.decode()
    assert owner_of(farm) == anne


def test_a_code_takes_nothing_that_leaves(farm, anne):
    claim = asked(farm, anne, Claim.Means.CONTACT)
    code = claiming.new_code(claim)
    leaving.leave(farm.merchant)
    answer = log_in(anne).post(f"/revendication/{claim.pk}/", {"code": code})
    assert "en cours de suppression" in answer.context["mistake"]
    assert owner_of(farm) is None


def test_nor_does_a_moderator(desk, farm, disputed, anne):
    leaving.leave(farm.merchant, anne)
    Claim.objects.update(disputed_at=timezone.now() - claiming.ANSWER - timedelta(minutes=1))
    path = f"/gestion/directory/claim/{disputed.pk}/change/"
    assert "en cours de suppression" in desk.post(path, {"_grant": "1", "words": ""}, follow=True).content.decode()
    assert owner_of(farm) == anne


def test_after_five_wrong_codes_another_one_works(farm, anne, mailoutbox):
    client, claim = log_in(anne), asked(farm, anne, Claim.Means.CONTACT)
    own = f"/revendication/{claim.pk}/"
    Claim.objects.update(tries=claiming.MOST_TRIES)
    assert "Trop d'essais" in client.post(own, {"code": "123456"}).context["mistake"]
    client.post(own, {"again": "1"})
    client.post(own, {"code": mailoutbox[0].subject.rpartition(" ")[2]})
    assert owner_of(farm) == anne


def test_the_address_of_a_closed_account_is_answered_as_any_other(client, farm, anne, mailoutbox):
    User.objects.filter(pk=anne.pk).update(is_active=False)
    code = letters.make(None, letters.due())[0].code
    for path in (f"/revendiquer/{farm.pk}/", f"/lettre/{code}/"):
        for email in ("anne@example.org", "neuve@example.org"):
            assert client.post(path, {"email": email}).url == "/connexion/envoye/"
    assert [mail.to[0] for mail in mailoutbox] == ["anne@example.org", "neuve@example.org"] * 2
    assert "/connexion/lien/" not in mailoutbox[0].body
    assert "/connexion/lien/" in mailoutbox[1].body
