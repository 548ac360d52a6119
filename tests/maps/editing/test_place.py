"""The owner's pages of an entry as a whole: what it shows, whether it is shown, what is said of it, other places."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from directory.models import Activity, Deletion, Merchant, MerchantLabel, PointOfSale, Schedule
from directory.vocabulary import Vocabulary, vocabulary
from maps import fields
from maps.admin import moderation
from maps.editing import about, adding, services
from tests.builders import owned_place, owner, point_of_sale

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
PAGES = ("", "horaires/", "produits/", "photos/", "services/", "presentation/")
ABOUT = {"merchant_name": "Ferme des Prés", "name": "", "kind": "farm_gate", "activity_1": "farm"}


@pytest.fixture
def place():
    return owned_place(name="Ferme des Prés", products=["honey"])


@pytest.fixture
def signed_in(client, place):
    client.force_login(place.merchant.owner, backend=BACKEND)
    return client


def path(place, page=""):
    return f"/mon-commerce/{place.pk}/{page}"


def fresh(place):
    return PointOfSale.objects.get(pk=place.pk)


def is_found(client, place):
    return any(one["id"] == place.pk for one in client.get("/api/v1/merchants/?product=honey").json()["features"])


# --- Whose it is -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("page", PAGES)
def test_nobody_is_asked_to_sign_in_and_anothers_is_not_found(place, page):
    before = PointOfSale.history.count()
    nobody, other = Client(), Client()
    other.force_login(owner("autre@example.org"), backend=BACKEND)
    for send in ("get", "post"):
        asked = getattr(nobody, send)(path(place, page), {"do": "close", "text": "x"})
        assert (asked.status_code, asked["Location"].split("?")[0]) == (302, "/connexion/")
        refused = getattr(other, send)(path(place, page), {"do": "close", "text": "x"})
        assert (refused.status_code, refused["Cache-Control"]) == (404, "private, no-store")
    assert PointOfSale.history.count() == before
    assert fresh(place).status == "published"


@pytest.mark.parametrize("page", PAGES)
def test_no_page_is_kept(signed_in, place, page):
    shown = signed_in.get(path(place, page))
    assert (shown.status_code, shown["Cache-Control"]) == (200, "private, no-store")


def test_a_place_is_added_to_ones_own_merchant_alone(signed_in, place):
    other = point_of_sale("Autre").merchant
    fields = {"kind": "market_stall", "commune": "Vendôme"}
    assert signed_in.get(f"/mon-commerce/ajouter/{other.pk}/").status_code == 404
    assert signed_in.post(f"/mon-commerce/ajouter/{other.pk}/", fields).status_code == 404
    asked = Client().post(f"/mon-commerce/ajouter/{place.merchant_id}/", fields)
    assert asked["Location"].startswith("/connexion/")
    assert PointOfSale.objects.count() == 2


def test_what_another_owner_has_cannot_be_taken_as_a_model(signed_in, place):
    other = point_of_sale("Autre", products=["bread"])
    fields = {"kind": "market_stall", "commune": "Vendôme", "like": other.pk, "same_sold": "on"}
    assert signed_in.post(f"/mon-commerce/ajouter/{place.merchant_id}/", fields).status_code == 422


# --- Whether it is shown ---------------------------------------------------------------------------------------------
def test_hidden_published_closed_and_open_again(signed_in, place):
    for what, status, found in (("hide", "hidden", False), ("publish", "published", True), ("close", "closed", False),
                                ("publish", "published", True)):  # fmt: skip
        assert signed_in.post(path(place), {"do": what}).status_code == 302
        assert (fresh(place).status, is_found(signed_in, place)) == (status, found)
        assert place.history.first().history_user == place.merchant.owner


def test_what_somebody_else_hid_is_looked_at_once_it_is_published_again(signed_in, place):
    signed_in.post(path(place), {"do": "hide"})
    signed_in.post(path(place), {"do": "publish"})
    assert "changed" not in fresh(place).reviews
    moderator = owner("moderateur@example.org")
    moderation.decide([fresh(place)], moderation.hide, moderator, "masqué")
    signed_in.post(path(place), {"do": "publish"})
    assert (fresh(place).status, "changed" in fresh(place).reviews) == ("published", True)


def test_closing_asks_once_more(signed_in, place):
    page = signed_in.get(path(place)).content.decode()
    inside = page.split("<details")[-1].split("</details>")[0]
    assert "Oui, il est fermé définitivement" in inside
    assert 'value="close"' not in page.replace(inside, "")


@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        ({"pin": None}, "Il manque l&#x27;épingle"),
        ({"reviews": ["duplicate"]}, "en double peut-être une autre"),
        ({"siret": "55203253400646"}, "a le même SIRET"),
    ],
)
def test_only_what_may_be_is_published(signed_in, place, lacking, said):
    point_of_sale("Autre", siret="55203253400646")
    PointOfSale.objects.filter(pk=place.pk).update(status="closed", **lacking)
    assert said in signed_in.get(path(place)).content.decode()
    refused = signed_in.post(path(place), {"do": "publish"}, follow=True)
    assert said in refused.content.decode()
    assert fresh(place).status == "closed"


def test_what_has_no_trade_is_not_published(signed_in, place):
    signed_in.post(path(place), {"do": "hide"})
    place.activities.clear()
    signed_in.post(path(place), {"do": "publish"})
    assert fresh(place).status == "hidden"


def test_an_owner_vouches_for_its_name(signed_in, place):
    PointOfSale.objects.filter(pk=place.pk).update(status="draft", reviews=["natural_person", "doubtful_pin"])
    signed_in.post(path(place), {"do": "publish"})
    assert fresh(place).status == "published"
    assert set(fresh(place).reviews) == {"doubtful_pin", "new"}


# --- What is said of it ----------------------------------------------------------------------------------------------
def test_names_trades_and_texts(signed_in, place):
    fields = ABOUT | {"merchant_name": "Les Prés", "activity_1": "goat_farm", "activity_2": "farm",
                      "description_fr": "Soixante chèvres.\r\nEt un âne.", "website": "lespres.example",
                      "shop_url": "https://lespres.example/boutique"}  # fmt: skip
    assert signed_in.post(path(place, "presentation/"), fields).status_code == 302
    merchant = Merchant.objects.get(pk=place.merchant_id)
    assert (merchant.name, merchant.website) == ("Les Prés", "https://lespres.example")
    assert merchant.description_fr == "Soixante chèvres.\nEt un âne."
    assert [one.code for one in fresh(place).activities.all()] == ["goat_farm"], "a farm is implied"
    assert "changed" in fresh(place).reviews
    assert merchant.history.first().history_user == merchant.owner
    names = [one["properties"]["name"] for one in signed_in.get("/api/v1/merchants/?text=soixante").json()["features"]]
    assert names == ["Les Prés"]


@pytest.mark.parametrize("name", ["123", "\u202e", "—"])
def test_a_name_has_letters(signed_in, place, name):
    page = signed_in.post(path(place, "presentation/"), ABOUT | {"merchant_name": name})
    assert page.status_code == 422
    assert Merchant.objects.get(pk=place.merchant_id).name == "Ferme des Prés"


def test_no_sign_that_turns_the_writing_around_is_kept(signed_in, place):
    names = {"merchant_name": "Ferme\u202e  des\u0007 Prés", "name": "\u202eÉtal"}
    signed_in.post(path(place, "presentation/"), ABOUT | names | {"description_fr": "Un\u202e\r\n\r\ndeux"})
    now = fresh(place)
    assert (now.merchant.name, now.name) == ("Ferme des Prés", "Étal")
    assert now.merchant.description_fr == "Un\n\ndeux"


def test_terms_that_the_form_does_not_know_stay(signed_in, place, monkeypatch):
    """Just loaded, or of another version: a copy of the vocabulary may be older than the entry."""
    MerchantLabel.objects.create(merchant=place.merchant, label_id=label("aop"))
    signed_in.post(path(place, "services/"), {"services": ["delivery"], "labels": ["aop"]})
    place.activities.add(Activity.objects.get(code="goat_farm"))
    older = Vocabulary(tuple(
        term for term in vocabulary().terms if term.code not in ("aop", "delivery", "goat_farm")
    ))  # fmt: skip
    for module in (about, services, fields):
        monkeypatch.setattr(module, "vocabulary", lambda: older)
    assert signed_in.get(path(place, "presentation/")).status_code == 200
    assert signed_in.post(path(place, "presentation/"), ABOUT).status_code == 302
    signed_in.post(path(place, "services/"), {"services": [], "labels": []})
    assert [one.code for one in place.merchant.labels.all()] == ["aop"]
    assert [one.code for one in fresh(place).services.all()] == ["delivery"]
    assert "goat_farm" in [one.code for one in fresh(place).activities.all()]


def test_what_moderators_need_not_see_is_not_marked(signed_in, place):
    signed_in.post(path(place, "presentation/"), ABOUT | {"website": "https://lespres.example"})
    signed_in.post(path(place, "services/"), {"services": ["delivery"]})
    assert fresh(place).reviews == []
    assert fresh(place).confirmed_at is not None


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"merchant_name": ""}, "obligatoire"),
        ({"website": "javascript:alert(1)"}, "URL valide"),
        ({"shop_url": "ftp://lespres.example"}, "commence par https://"),
        ({"description_fr": "é" * 1501}, "1"),
        ({"activity_1": "farming"}, "choix valide"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(signed_in, place, fields, said):
    page = signed_in.post(path(place, "presentation/"), ABOUT | fields)
    assert page.status_code == 422
    assert said in "".join(str(errors) for errors in page.context["form"].errors.values())
    assert Merchant.objects.get(pk=place.merchant_id).name == "Ferme des Prés"


def test_services_and_labels(signed_in, place):
    MerchantLabel.objects.create(merchant=place.merchant, label_id=label("aop"), state="verified", verified_by="INAO")
    sent = {"services": ["delivery", "on_site_sale"], "labels": ["organic", "aop"]}
    assert signed_in.post(path(place, "services/"), sent).status_code == 302
    assert {one.code for one in fresh(place).services.all()} == {"delivery", "on_site_sale"}
    states = dict(place.merchant.label_links.values_list("label__code", "state"))
    assert states == {"organic": "declared", "aop": "verified"}
    page = signed_in.get(path(place, "services/")).content.decode()
    assert "votre certificat bio en cours" in page
    assert "attestation de votre organisme" not in page, "that one is verified"
    # Taken back and declared again, it is to be verified again.
    signed_in.post(path(place, "services/"), {"labels": ["organic"]})
    signed_in.post(path(place, "services/"), {"labels": ["organic", "aop"]})
    assert place.merchant.label_links.get(label__code="aop").state == "declared"
    assert signed_in.post(path(place, "services/"), {"labels": ["nonsense"]}).status_code == 422


def label(code):
    return MerchantLabel._meta.get_field("label").related_model.objects.get(code=code).pk


def test_the_overview_shows_all_of_it(signed_in, place):
    place.schedule_id = Schedule.objects.ids_of(["Mo-Sa 09:00-12:00"])["Mo-Sa 09:00-12:00"]
    place.save()
    page = signed_in.get(path(place)).content.decode()
    for said in ("Miel", "9\u00a0h – midi", "1 rue du Test", "publié", "Fermé aujourd", "Ajouter un point de vente"):
        assert said in page, said
    for name in ("horaires", "produits", "photos", "services", "presentation", "epingle"):
        assert f'href="{path(place)}{name}/"' in page


# --- Other points of sale --------------------------------------------------------------------------------------------
def add(client, place, **fields):
    return client.post(f"/mon-commerce/ajouter/{place.merchant_id}/", {"kind": "market_stall"} | fields)


def test_a_stall_like_the_farm(signed_in, place):
    place.schedule_id = Schedule.objects.ids_of(["Mo-Sa 09:00-12:00"])["Mo-Sa 09:00-12:00"]
    place.save()
    fields = {"name": "Étal du vendredi", "commune": "Vendôme", "like": place.pk, "same_sold": "on"}
    response = add(signed_in, place, **fields)
    stall = PointOfSale.objects.get(kind="market_stall")
    assert response["Location"] == path(stall, "epingle/")
    assert (stall.status, stall.commune_id, stall.postcode, stall.schedule) == ("draft", "41269", "41100", None)
    assert stall.pin is not None
    assert [offer.product.code for offer in stall.offers.all()] == ["honey"]
    assert [one.code for one in stall.activities.all()] == ["farm"]
    assert place.offers.count() == 1
    # A second tap finds what the first made.
    again = add(signed_in, place, **fields)
    assert again["Location"] == path(stall)
    assert PointOfSale.objects.count() == 2
    signed_in.post(path(stall), {"do": "publish"})
    assert is_found(signed_in, stall)
    assert "Étal du vendredi" in signed_in.get(path(place)).content.decode()


def test_hours_are_taken_over_where_asked(signed_in, place):
    place.schedule_id = Schedule.objects.ids_of(["24/7"])["24/7"]
    place.save()
    add(signed_in, place, kind="vending_machine", commune="Vendôme", like=place.pk, same_hours="on")
    machine = PointOfSale.objects.get(kind="vending_machine")
    assert machine.schedule.text == "24/7"
    assert machine.offers.count() == 0


@pytest.mark.parametrize(
    ("fields", "said"), [({"commune": "Paris"}, "pas dans la région"), ({"commune": "Vendôme", "kind": ""}, "champ")]
)
def test_what_cannot_be_added(signed_in, place, fields, said):
    page = add(signed_in, place, **fields)
    assert page.status_code == 422
    assert said in page.content.decode()
    assert PointOfSale.objects.count() == 1


def test_nothing_is_added_to_what_is_being_deleted(signed_in, place):
    Deletion.objects.create(merchant=place.merchant, due_at=timezone.now())
    for page in (
        signed_in.get(f"/mon-commerce/ajouter/{place.merchant_id}/"),
        add(signed_in, place, commune="Vendôme"),
    ):
        assert page["Location"] == reverse("maps:own_leaving", args=[place.merchant_id])
    assert PointOfSale.objects.count() == 1


def test_a_merchant_has_so_many_points_of_sale(signed_in, place, monkeypatch):
    monkeypatch.setattr(adding, "MOST_PLACES", 2)
    assert add(signed_in, place, commune="Vendôme").status_code == 302
    for page in (signed_in.get(f"/mon-commerce/ajouter/{place.merchant_id}/"), add(signed_in, place, commune="Blois")):
        assert "2 points de vente au plus" in page.content.decode()
        assert '<form method="post" class="stack"' not in page.content.decode()
    assert page.status_code == 422
    assert PointOfSale.objects.count() == 2
