"""The admin: pairs told apart or merged, merges undone, words attached, labels verified."""

from __future__ import annotations

from typing import Any

import pytest

from directory.models import (
    Consent,
    Duplicate,
    MerchantLabel,
    Merge,
    Offer,
    OwnerNotice,
    PointOfSale,
    Product,
    TermProposal,
)
from directory.moderating.proposals import product_for
from tests.builders import owned_place, point_of_sale
from tests.maps.admin_desk import NASTY, PLACES, act, said, staff_with

pytestmark = pytest.mark.django_db
PAIRS, MERGES = "/gestion/directory/duplicate/", "/gestion/directory/merge/"
WORDS, LABELS = "/gestion/directory/termproposal/", "/gestion/directory/merchantlabel/"


def page_of(row: Any) -> str:
    return f"/gestion/directory/{row._meta.model_name}/{row.pk}/change/"


@pytest.fixture
def pair() -> Duplicate:
    first = point_of_sale("Ferme des Prés", street="1 rue A")
    second = point_of_sale("La ferme des Prés", street="2 rue B", products=["cheese"])
    second.merchant.phone = "0254000000"
    second.merchant.save()
    return Duplicate.objects.create(first=first, second=second, score=0.8, reasons=[{"code": "name", "likeness": 92}])


class TestPair:
    def test_both_side_by_side_with_what_differs(self, desk, pair):
        page = desk.get(page_of(pair)).content.decode()
        for words in ("noms semblables (92 %)", "1 rue A", "2 rue B", "Les épingles sont à 0 m"):
            assert words in page
        assert 'name="choice-address"' in page
        assert 'name="choice-kind"' not in page, "the same in both"

    def test_merged_with_what_was_chosen_and_taken_apart(self, desk, agent, pair):
        choices = {"choice-address": "second", "choice-name": "first"}
        response = desk.post(page_of(pair), {"_first": "1", **choices})
        done = Merge.objects.get()
        assert response.url == page_of(done)
        assert done.by == agent
        pair.first.refresh_from_db(), pair.second.refresh_from_db()
        assert (pair.first.street, pair.first.display_name) == ("2 rue B", "Ferme des Prés")
        assert pair.second.merged_into == pair.first
        assert not desk.get(PAIRS, {"state__exact": "open"}).context["cl"].result_list
        response = desk.post(page_of(done), {"_undo": "1"})
        assert "de nouveau deux fiches" in said(desk, response)
        pair.first.refresh_from_db(), pair.second.refresh_from_db()
        assert (pair.first.street, pair.second.status) == ("1 rue A", "published")

    def test_kept_the_other_way_round(self, desk, pair):
        desk.post(page_of(pair), {"_second": "1", "choice-address": "first"})
        pair.first.refresh_from_db(), pair.second.refresh_from_db()
        assert (pair.second.street, pair.first.merged_into) == ("1 rue A", pair.second)

    def test_a_second_tap_is_refused_and_changes_nothing(self, desk, pair):
        desk.post(page_of(pair), {"_first": "1"})
        assert desk.post(page_of(pair), {"_first": "1"}).status_code == 403
        assert Merge.objects.count() == 1

    def test_told_apart(self, desk, agent, pair):
        response = desk.post(page_of(pair), {"_apart": "1"})
        assert "deux lieux distincts" in said(desk, response)
        pair.refresh_from_db()
        assert (pair.state, pair.decided_by) == ("apart", agent)

    def test_two_owners_are_shown_as_a_dispute_and_no_button(self, desk):
        one, other = owned_place(name="Un"), owned_place("autre@example.org", name="Deux")
        row = Duplicate.objects.create(first=one, second=other, score=0.8)
        page = desk.get(page_of(row)).content.decode()
        assert "litige" in page
        assert 'name="_first"' not in page
        assert 'name="_apart"' in page
        assert desk.post(page_of(row), {"_first": "1"}).status_code == 403

    def test_names_are_text(self, desk):
        row = Duplicate.objects.create(first=point_of_sale(NASTY), second=point_of_sale("Ferme"), score=0.8)
        assert NASTY not in desk.get(page_of(row)).content.decode()
        assert NASTY not in desk.get(PAIRS).content.decode()

    def test_no_more_queries_for_more_pairs(self, desk, django_assert_max_num_queries):
        for number in range(20):
            Duplicate.objects.create(first=point_of_sale(f"A{number}"), second=point_of_sale("B"), score=0.6)
        with django_assert_max_num_queries(12):
            desk.get(PAIRS)

    def test_a_pair_chosen_by_hand(self, desk, pair):
        third = point_of_sale("Ferme au loin")
        response = act(desk, PLACES, "compare", pair.first, third)
        made = Duplicate.objects.get(second=third)
        assert response.url == page_of(made)
        assert "choisies par un agent" in desk.get(response.url).content.decode()
        assert act(desk, PLACES, "compare", pair.first, pair.second).url == page_of(pair)
        assert "deux fiches" in said(desk, act(desk, PLACES, "compare", third))

    def test_one_that_was_told_apart_may_still_be_merged(self, desk, pair):
        desk.post(page_of(pair), {"_apart": "1"})
        desk.post(page_of(pair), {"_first": "1"})
        pair.refresh_from_db()
        assert pair.state == "merged"


class TestRights:
    def test_looking_is_not_deciding(self, pair):
        client = staff_with("view_duplicate")
        page = client.get(page_of(pair)).content.decode()
        assert 'name="_first"' not in page
        assert "0254000000" not in page
        assert client.post(page_of(pair), {"_first": "1"}).status_code == 403

    def test_who_may_not_change_points_of_sale_merges_none(self, pair):
        client = staff_with("view_duplicate", "change_duplicate")
        assert client.post(page_of(pair), {"_first": "1"}).status_code == 403
        assert PointOfSale.objects.filter(status="merged").count() == 0

    @pytest.mark.parametrize("url", [PAIRS, MERGES, WORDS, LABELS])
    def test_nothing_without_a_right(self, url):
        assert staff_with("view_pointofsale").get(url).status_code == 403


class TestWords:
    @pytest.fixture
    def word(self) -> TermProposal:
        place = owned_place()
        for line in ("Gelée de pissenlit", "gelée de Pissenlit !", "Autre chose"):
            Offer.objects.create(point_of_sale=place, line=line)
        return TermProposal.objects.create(folded="gelee de pissenlit", said="Gelée de pissenlit")

    def test_counted(self, desk, word, django_assert_max_num_queries):
        with django_assert_max_num_queries(12):
            page = desk.get(WORDS).content.decode()
        assert '<td class="field-offers">2</td>' in page

    def test_attached_to_a_product_all_its_offers_get_it(self, desk, agent, word):
        product = Product.objects.get(code="jam")
        response = desk.post(page_of(word), {"state": "accepted", "product": product.pk, "change_reason": ""})
        assert "2 offres ont reçu le produit" in said(desk, response)
        assert Offer.objects.filter(product=product).count() == 2
        assert Offer.objects.filter(product=None).count() == 1
        word.refresh_from_db()
        assert word.decided_by == agent
        assert product_for("GELÉE de pissenlit") == product.pk
        assert product_for("autre chose") is None
        assert Offer.objects.filter(product=product).first().history.first().history_user == agent

    def test_not_without_a_product(self, desk, word):
        response = desk.post(page_of(word), {"state": "accepted", "product": ""})
        assert "Choisissez le produit" in response.content.decode()

    def test_left_in_free_text(self, desk, word):
        act(desk, WORDS, "refuse", word)
        word.refresh_from_db()
        assert (word.state, word.product) == ("refused", None)
        assert product_for("gelée de pissenlit") is None


class TestLabels:
    @pytest.fixture
    def link(self) -> MerchantLabel:
        return MerchantLabel.objects.get(merchant=owned_place(labels=["organic"]).merchant)

    def verify(self, desk, link, **more):
        data = {"action": "verify", "_selected_action": [link.pk], "index": "0", **more}
        words = said(desk, desk.post(LABELS, data))
        link.refresh_from_db()
        return words

    def test_verified_with_who_and_until(self, desk, agent, link):
        assert "1 label vérifié" in self.verify(desk, link, who="Ecocert", until="2099-12-31")
        assert (link.state, link.verified_by, str(link.verified_until)) == ("verified", "Ecocert", "2099-12-31")
        assert link.history.first().history_user == agent

    @pytest.mark.parametrize(
        ("more", "why"),
        [({"who": ""}, "par qui"), ({"who": "E", "until": "bientôt"}, "ne se lit pas"),
         ({"who": "E", "until": "2020-01-01"}, "échue")],
    )  # fmt: skip
    def test_not_without(self, desk, link, more, why):
        assert why in self.verify(desk, link, **more)
        assert link.state == "declared"

    def test_refused(self, desk, link):
        act(desk, LABELS, "refuse", link)
        assert not MerchantLabel.objects.exists()
        assert OwnerNotice.objects.filter(what__code="label_refused").exists()

    def test_those_that_the_law_protects_first(self, desk, link):
        other = owned_place(name="Autre", labels=["demeter"])
        rows = desk.get(LABELS, {"todo": "1"}).context["cl"].result_list
        assert [row.pk for row in rows] == [link.pk]
        assert other.merchant.label_links.count() == 1


def test_contact_of_a_merged_entry_needs_its_own_consent(desk, pair):
    Consent.objects.create(merchant=pair.first.merchant, field="phone", audience="public", wording="1")
    desk.post(page_of(pair), {"_first": "1"})
    pair.first.merchant.refresh_from_db()
    assert pair.first.merchant.phone == "0254000000"
    assert pair.first.merchant.public_contact() == {}
