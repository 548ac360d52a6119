"""Nobody reaches what is another owner's: every address of the space, as it is registered, so none is forgotten."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.core import serializers
from django.core.files.base import ContentFile
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from directory.models import (
    Claim,
    Consent,
    Merchant,
    Offer,
    OwnerNotice,
    Photo,
    PointOfSale,
    Registration,
    Report,
    Schedule,
)
from maps import urls as public
from tests.builders import owned_place, owner

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
SECRET = "ne-lit-que-le-titulaire"
# Addresses below these are an owner's.
OWN = ("mon-commerce/", "inscription/<uuid", "revendication/")
# Whoever has the link of an e-mail, or of a form that nobody owns yet, may follow it: what they are given says whose.
BY_LINK = {"confirm_by_link"}
# Nobody's in particular: what they show is who asks.
ONE_S_OWN = {"space", "rights", "own_export"}


def addresses(patterns=public.urlpatterns, before: str = "") -> Iterator[tuple[str, str]]:
    """(name, route) of every address of the space."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern) and route.startswith(OWN) and pattern.name not in BY_LINK:
            yield pattern.name, route


ADDRESSES = sorted(addresses())


@pytest.fixture
def hers(settings, tmp_path):
    """All that an owner may have, drafts, contacts, reports and history among it; the arguments of its addresses."""
    settings.MEDIA_ROOT = tmp_path
    place = owned_place("elle@example.org", name=f"Fromagerie {SECRET}", products=["honey"], status="draft")
    merchant = place.merchant
    merchant.phone, merchant.email = "0254000000", f"{SECRET}@example.org"
    merchant.description_fr = SECRET
    merchant.save()
    place.schedule = Schedule.objects.create(text="Mo 09:00-12:00")
    place.street = f"1 rue {SECRET}"
    place.save()
    offer = Offer.objects.create(point_of_sale=place, line=SECRET)
    photo = Photo(point_of_sale=place, text=SECRET, width=1, height=1, size=3)
    photo.file.save("photo.jpg", ContentFile(b"jpg"))
    Consent.objects.create(merchant=merchant, field="phone", audience="public", wording="1")
    Report.objects.create(point_of_sale=place, kind="hours", text=SECRET)
    OwnerNotice.objects.create(merchant=merchant, what={"code": "reported", "text": SECRET})
    draft = Registration.objects.create(owner=merchant.owner, data={"who": {"name": SECRET}})
    claim = Claim.objects.create(point_of_sale=place, by=merchant.owner, means="moderator", state="asked", text=SECRET)
    return {
        "place": place, "offer": offer.pk, "photo": photo.pk, "key": draft.key, "claim": claim.pk, "slug": "qui",
        "merchant": merchant.pk,
    }  # fmt: skip


def path_of(name: str, route: str, hers) -> str:
    """The address of what is hers."""
    values = dict(hers)
    if route.startswith("revendication/"):
        values["id"] = hers["claim"]
    elif "droits/" in route:
        values["id"] = hers["merchant"]
    else:
        values["id"] = hers["place"].pk
    asked = {part.split(":")[-1].rstrip(">") for part in route.split("<")[1:] for part in [part.split(">")[0]]}
    return reverse(f"maps:{name}", kwargs={key: values[key] for key in asked})


def everything() -> str:
    """All that is hers, as it is stored."""
    models = (Merchant, PointOfSale, Offer, Photo, Consent, Report, Claim, Registration, OwnerNotice)
    rows = [row for model in models for row in model.objects.order_by("pk")]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM directory_historicalpointofsale")
        histories = cursor.fetchone()
    return serializers.serialize("json", rows) + str(histories)


def body_of(answer) -> str:
    return b"".join(answer.streaming_content).decode() if answer.streaming else answer.text


# What a form of any of the pages might send.
SENT = {
    "do": "save", "name": "Volé", "text": "volé", "line": "volé", "lines": "volé", "confirm": "on", "sure": "on",
    "lat": "47.8", "lon": "1.06", "radius_km": "5", "communes": "Blois", "street": "volée", "commune": "Blois",
    "status": "closed", "description_fr": "volé", "phone": "0254111111", "email": "vol@example.org", "choice": "new",
}  # fmt: skip


def test_there_is_something_to_try():
    assert len(ADDRESSES) > 25
    assert get_resolver() is not None


@pytest.mark.parametrize(("name", "route"), ADDRESSES, ids=[name for name, _ in ADDRESSES])
@pytest.mark.parametrize("method", ["get", "post"])
class TestOfAnother:
    def test_is_not_found_by_another_owner(self, client, hers, name, route, method):
        other = owned_place("lui@example.org", name="Ferme d'à côté").merchant.owner
        client.force_login(other, backend=BACKEND)
        before = everything()
        answer = getattr(client, method)(path_of(name, route, hers), SENT if method == "post" else {})
        assert SECRET not in body_of(answer)
        assert everything() == before
        if name not in ONE_S_OWN:
            assert answer.status_code in (404, 405)
        assert answer.status_code == 405 or answer["Cache-Control"].startswith("private")

    def test_asks_nobody_in(self, client, hers, name, route, method):
        before = everything()
        answer = getattr(client, method)(path_of(name, route, hers), SENT if method == "post" else {})
        assert everything() == before
        assert SECRET not in answer.text
        assert (answer.status_code == 302 and "/connexion/" in answer.url) or answer.status_code in (404, 405)


def test_officials_and_moderators_have_pages_of_their_own(client, hers):
    """Staff sees entries in the admin, under its rights, and no more than others here."""
    staff = User.objects.create_user("agent@example.org", "agent@example.org", is_staff=True)
    client.force_login(staff, backend=BACKEND)
    for name, route in ADDRESSES:
        if name not in ONE_S_OWN:
            assert client.get(path_of(name, route, hers)).status_code in (404, 405), name


def test_an_account_that_was_closed_reaches_nothing(client, hers):
    account = hers["place"].merchant.owner
    client.force_login(account, backend=BACKEND)
    assert client.get(f"/mon-commerce/{hers['place'].pk}/").status_code == 200
    User.objects.filter(pk=account.pk).update(is_active=False)
    assert client.get(f"/mon-commerce/{hers['place'].pk}/").status_code == 302


def test_one_s_own_of_a_merchant_that_changed_hands(client, hers):
    """Whoever owned it before reads nothing of it any more."""
    before = hers["place"].merchant.owner
    Merchant.objects.update(owner=owner("nouvelle@example.org"), updated_at=timezone.now())
    client.force_login(before, backend=BACKEND)
    assert client.get(f"/mon-commerce/{hers['place'].pk}/").status_code == 404
    assert f"1 rue {SECRET}" not in body_of(client.get("/mon-commerce/droits/mes-donnees.json"))
