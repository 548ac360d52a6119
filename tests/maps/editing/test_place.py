"""The owner's pages of an entry as a whole: what it shows, whether it is shown, what is said of it, other places."""

from __future__ import annotations

import pytest
from django.test import Client

from directory.models import Activity, Merchant, MerchantLabel, PointOfSale, Schedule
from directory.vocabulary import Vocabulary, vocabulary
from maps import fields
from maps.admin import moderation
from maps.editing import about, services
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
