"""The owner's page of products: added many at once, understood, priced, found by the search."""

from __future__ import annotations

from decimal import Decimal

import pytest

from directory.models import Offer, TermProposal
from directory.offering import lines
from maps.editing.offer_form import OfferForm
from tests.builders import owned_place, point_of_sale

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return owned_place(name="Ferme des Prés", products=["honey"])


@pytest.fixture
def signed_in(client, place):
    client.force_login(place.merchant.owner, backend="django.contrib.auth.backends.ModelBackend")
    return client


def path(place, offer=None):
    return f"/mon-commerce/{place.pk}/produits/" + (f"{offer.pk}/" if offer else "")


def add(client, place, text):
    return client.post(path(place), {"do": "add", "text": text})


def found(client, query):
    return {feature["id"] for feature in client.get(f"/api/v1/merchants/?{query}").json()["features"]}


def test_many_at_once(signed_in, place):
    response = add(signed_in, place, "Crottin frais 3,50 € la pièce, œufs\npiquette de sureau")
    assert response.status_code == 302
    page = signed_in.get(path(place))
    assert [(one.words, one.product, one.price[:4]) for one in page.context["offers"] if one.words != "Miel"] == [
        ("Crottin frais", "Crottin de Chavignol", "3,50"),
        ("Œufs", "Œufs", ""),
        ("piquette de sureau", "", ""),
    ]
    assert "Gardé dans vos mots" in page.content.decode()


def test_a_word_that_the_vocabulary_lacks_is_found_by_the_text(signed_in, place):
    add(signed_in, place, "piquette de sureau")
    assert found(signed_in, "text=piquette") == {place.pk}
    assert found(signed_in, "q=piquette+de+sureau") == {place.pk}
    assert TermProposal.objects.get().said == "piquette de sureau"
    offer = Offer.objects.get(line="piquette de sureau")
    assert offer.history.first().history_user == place.merchant.owner
    signed_in.post(path(place), {"do": "remove", "offer": offer.pk})
    assert found(signed_in, "text=piquette") == set()


def test_a_word_of_several_meanings_is_asked_in_one_tap(signed_in, place):
    add(signed_in, place, "fraises et framboises")
    offer = Offer.objects.get(line="fraises et framboises")
    page = signed_in.get(path(place)).content.decode()
    assert 'value="strawberries"' in page
    assert not TermProposal.objects.exists()
    signed_in.post(path(place), {"do": "means", "offer": offer.pk, "code": "honey"})
    assert Offer.objects.get(pk=offer.pk).product is None, "not one of those that were offered"
    signed_in.post(path(place), {"do": "means", "offer": offer.pk, "code": "raspberries"})
    assert found(signed_in, "product=raspberries") == {place.pk}


def test_a_price_and_a_season(signed_in, place):
    offer = place.offers.get()
    fields = {"line": "miel d'acacia bio", "code": "acacia_honey", "price": "7,50 à 9", "unit": "pot",
              "season_first": "6", "season_last": "9", "do": "save"}  # fmt: skip
    page = signed_in.post(path(place, offer), fields)
    assert page.status_code == 302
    offer = Offer.objects.get(pk=offer.pk)
    assert (offer.product.code, offer.line, offer.unit) == ("acacia_honey", "miel d'acacia bio", "pot")
    assert (offer.price_min, offer.price_max) == (Decimal("7.50"), Decimal("9"))
    assert (offer.season_first, offer.season_last) == (6, 9)
    shown = signed_in.get(path(place, offer)).content.decode()
    assert 'value="7,5 à 9"' in shown
    assert found(signed_in, "product=acacia_honey") == {place.pk}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"price": "-3"}, "Ce prix ne se lit pas"),
        ({"price": "0"}, "plus grand que zéro"),
        ({"price": "350000"}, "vérifiez la virgule"),
        ({"price": "5 à 3"}, "Le premier prix est le plus petit"),
        ({"season_first": "6"}, "Donnez les deux mois"),
        ({"line": "", "code": ""}, "Écrivez ce que vous vendez"),
        ({"code": "bread"}, "Sélectionnez un choix valide"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(signed_in, place, fields, said):
    offer = place.offers.get()
    page = signed_in.post(path(place, offer), {"line": "miel", "code": "honey", "do": "save"} | fields)
    assert page.status_code == 422
    assert said in page.content.decode()
    assert Offer.objects.get(pk=offer.pk).price_min is None


def test_the_same_line_twice_is_refused(signed_in, place):
    add(signed_in, place, "œufs")
    eggs = place.offers.get(product__code="eggs")
    page = signed_in.post(path(place, eggs), {"line": "miel", "code": "honey", "do": "save"})
    assert "Vous avez déjà cette ligne" in page.content.decode()


def test_what_was_removed_meanwhile_does_not_come_back(signed_in, place, monkeypatch):
    """The page of the offer was open on another phone, and sends just before."""
    offer = place.offers.get()
    read = OfferForm.is_valid

    def removed_meanwhile(form):
        Offer.objects.filter(pk=offer.pk).delete()
        return read(form)

    monkeypatch.setattr(OfferForm, "is_valid", removed_meanwhile)
    page = signed_in.post(path(place, offer), {"line": "miel", "code": "honey", "do": "save"})
    assert page.status_code == 404
    assert place.offers.count() == 0


def test_what_was_removed_comes_back_by_one_tap(signed_in, place):
    offer = place.offers.get()
    words = {"line": "miel de mes ruches", "code": "honey", "price": "7,50 à 9", "unit": "pot"}
    signed_in.post(path(place, offer), words | {"season_first": "6", "season_last": "9", "do": "save"})
    before = Offer.objects.filter(pk=offer.pk).values().get()
    page = signed_in.post(path(place), {"do": "remove", "offer": offer.pk}, follow=True)
    assert "« miel de mes ruches » est retiré." in " ".join(page.content.decode().split())
    assert found(signed_in, "product=honey") == set()
    undo = {"do": "put_back", "removed": page.context["undo"]["key"]}
    back = signed_in.post(path(place), undo, follow=True)
    assert "est de retour" in back.content.decode()
    assert Offer.objects.filter(pk=offer.pk).values().get() == before
    assert found(signed_in, "product=honey") == {place.pk}
    assert "Tout y était déjà" in signed_in.post(path(place), undo, follow=True).content.decode()
    assert "est retiré" not in signed_in.get(f"{path(place)}?removed={undo['removed']}").content.decode()
    assert place.offers.count() == 1


def test_what_another_removed_is_nobody_elses_to_put_back(signed_in, place):
    other = point_of_sale("Autre", products=["bread"])
    key = lines.remove(other.offers.get(), other.merchant.owner)
    assert "est retiré" not in signed_in.get(f"{path(place)}?removed={key}").content.decode()
    signed_in.post(path(place), {"do": "put_back", "removed": key})
    assert (place.offers.count(), other.offers.count()) == (1, 0)


def test_a_price_with_its_unit_and_thousands(signed_in, place):
    offer = place.offers.get()
    for typed, unit, kept in (("12 €/kg", "", (12, "kg")), ("1 500", "pièce", (1500, "pièce"))):
        fields = {"line": "miel", "code": "honey", "price": typed, "unit": unit, "do": "save"}
        assert signed_in.post(path(place, offer), fields).status_code == 302
        now = Offer.objects.get(pk=offer.pk)
        assert (now.price_min, now.unit) == kept


def test_no_sign_that_turns_the_writing_around_is_kept(signed_in, place):
    signed_in.post(path(place, place.offers.get()), {"line": "miel\u202e d'ici", "code": "honey", "do": "save"})
    assert place.offers.get().line == "miel d'ici"


def test_other_words_bring_other_products(signed_in, place):
    offer = place.offers.get()
    page = signed_in.post(path(place, offer), {"line": "crottin", "code": "honey", "do": "look"})
    assert page.status_code == 200
    assert 'value="crottin_de_chavignol"' in page.content.decode()
    assert Offer.objects.get(pk=offer.pk).product.code == "honey"


def test_a_wrong_price_among_many_keeps_what_was_typed(signed_in, place):
    page = add(signed_in, place, "pain, savon à la lavande 0 €")
    assert page.status_code == 422
    assert "« savon à la lavande 0 € » : Un prix est plus grand que zéro" in page.content.decode()
    assert "pain, savon à la lavande 0 €" in page.content.decode()
    assert place.offers.count() == 1


def test_anothers_offer_is_not_found(signed_in, place):
    other = point_of_sale("Autre", products=["bread"]).offers.get()
    assert signed_in.get(path(place, other)).status_code == 404
    for fields in ({"do": "remove"}, {"do": "means", "code": "bread"}):
        assert signed_in.post(path(place), fields | {"offer": other.pk}).status_code == 404
    assert Offer.objects.filter(pk=other.pk).exists()
