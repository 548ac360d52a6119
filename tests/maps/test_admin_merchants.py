"""The admin: merchants, what was changed and by whom, what is only read."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from directory.models import (
    Consent,
    Merchant,
    MerchantLabel,
    Offer,
    PointOfSale,
    Product,
    Source,
    SourceRecord,
)
from geo.points import Position
from tests.builders import VENDOME, at, centre_of, point_of_sale
from tests.maps.admin_desk import (
    BLOIS,
    DOUBTFUL,
    HELD,
    MERCHANTS,
    NASTY,
    PLACES,
    SIRETS,
    act,
    errors_of,
    form_of,
    log_in,
    pin_at,
    saved,
    submit,
    typed_in,
)

pytestmark = pytest.mark.django_db


class TestHistory:
    def test_an_edit_is_kept_with_its_author_and_its_reason(self, desk, agent):
        place = point_of_sale()
        saved(submit(desk, form_of(place), street="7 rue Neuve", change_reason="appel du commerçant"))
        record = place.history.first()
        assert (record.history_user, record.history_change_reason) == (agent, "appel du commerçant")
        assert (record.street, record.prev_record.street) == ("7 rue Neuve", "1 rue du Test")

    def test_a_row_that_never_had_a_history_keeps_what_it_was(self, desk):
        place = point_of_sale()
        place.history.all().delete()
        saved(submit(desk, form_of(place), street="7 rue Neuve"))
        newer, older = place.history.all()
        assert (newer.street, older.street, older.history_user) == ("7 rue Neuve", "1 rue du Test", None)
        delta = newer.diff_against(older)
        assert delta.changed_fields == ["street"], "the activities are in both"
        act(desk, PLACES, "hide", place)
        assert place.history.count() == 3

    def test_a_page_without_any_history(self, desk):
        place = point_of_sale()
        place.history.all().delete()
        assert desk.get(f"{PLACES}{place.pk}/history/").status_code == 200
        assert desk.get(f"{PLACES}999999999/history/").status_code == 404

    def test_the_page_reads_like_french(self, desk):
        place = point_of_sale(products=["cheese"])
        saved(submit(desk, form_of(place), status="hidden", pin_hidden="on", **pin_at(at(centre_of(), 90, 230))))
        offer = place.offers.get()
        saved(submit(desk, form_of(place), **{"offers-0-price_min": "3.50", "offers-0-line": "tomme"}))
        page = desk.get(f"{PLACES}{place.pk}/history/").content.decode()
        text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
        for words in (
            "publié devient masqué",
            "non devient oui",
            "déplacée de 230 m",
            "placée à la main",
            "— devient anne",
        ):
            assert words in text, words
        assert "Ses lignes" in text
        assert "Prix (€) — devient 3,50" in text
        assert Offer.history.filter(id=offer.pk).first().history_user.username == "anne"
        assert "SRID" not in text

    def test_an_earlier_state_can_be_brought_back_with_its_provenance(self, desk):
        place = point_of_sale()
        place.save()
        first = place.history.last()
        saved(submit(desk, form_of(place), street="8 rue Neuve", **pin_at(at(centre_of(), 90, 500))))
        saved(submit(desk, f"{PLACES}{place.pk}/history/{first.pk}/", "_save"))
        place.refresh_from_db()
        assert (place.street, place.pin_source, place.pin_precision) == ("1 rue du Test", "ban", "housenumber")
        assert Position.from_geos(place.pin).distance_to(centre_of()) < 0.2


class TestNastyName:
    def test_it_is_text_everywhere(self, desk):
        place = point_of_sale(NASTY, reviews=["doubtful_pin", "duplicate"], siret=SIRETS[0], pin=centre_of(BLOIS))
        twin = point_of_sale("Autre")
        source = Source.objects.create(slug="s", name=NASTY, producer=NASTY, licence=NASTY)
        record = SourceRecord.objects.create(
            source=source, external_id=NASTY, point_of_sale=place, fields={NASTY: NASTY}, row_hash="",
            imported_at=timezone.now(), point=at(centre_of(), 90, 300).to_geos(),
        )  # fmt: skip
        Merchant.objects.get(pk=place.merchant_id).save()
        saved(submit(desk, form_of(place), name=NASTY, change_reason=NASTY))
        urls = [
            PLACES, DOUBTFUL, HELD, MERCHANTS, form_of(place), form_of(place, "?file=epingles"),
            f"{PLACES}{place.pk}/history/", f"{MERCHANTS}{place.merchant_id}/change/",
            f"{MERCHANTS}{place.merchant_id}/history/", f"/gestion/directory/sourcerecord/{record.pk}/change/",
            "/gestion/directory/source/", "/gestion/directory/sourcerecord/", "/gestion/",
        ]  # fmt: skip
        for url in urls:
            page = desk.get(url)
            assert page.status_code == 200
            assert "<img src=x" not in page.content.decode(), url
        for response in (
            submit(desk, form_of(twin), siret=SIRETS[0]),
            desk.get(act(desk, PLACES, "publish", point_of_sale("J", siret=SIRETS[0], status="closed")).url),
            desk.get(act(desk, PLACES, "hide", place).url),
        ):
            assert "<img src=x" not in response.content.decode()
            assert "&lt;img src=x" in response.content.decode()


class TestMerchant:
    def url(self, merchant: Merchant) -> str:
        return f"{MERCHANTS}{merchant.pk}/change/"

    @pytest.fixture
    def merchant(self) -> Merchant:
        return point_of_sale("Ferme Martin").merchant

    @pytest.mark.parametrize("text", ["ferme", "MARTIN", "732829320", SIRETS[0], "contact@martin.fr"])
    def test_search(self, desk, merchant, text):
        Merchant.objects.filter(pk=merchant.pk).update(siren="732829320", email="Contact@martin.fr")
        PointOfSale.objects.filter(merchant=merchant).update(siret=SIRETS[0])
        Merchant.objects.create(name="Autre")
        found = desk.get(MERCHANTS, {"q": text}).context["cl"].result_list
        assert [str(row) for row in found] == ["Ferme Martin"]

    def test_filters(self, desk, merchant, agent):
        Merchant.objects.create(name="Anne Martin", natural_person=True, owner=agent)
        for query in ({"natural_person__exact": "1"}, {"owner": "yes"}):
            assert [str(row) for row in desk.get(MERCHANTS, query).context["cl"].result_list] == ["Anne Martin"]

    def test_its_page_links_to_its_points_of_sale(self, desk, merchant):
        assert form_of(merchant.points_of_sale.get()) in desk.get(self.url(merchant)).content.decode()

    def test_a_consent_is_added_and_withdrawn_never_deleted(self, desk, merchant):
        url = self.url(merchant)
        new = {"consents-0-merchant": str(merchant.pk), "consents-0-field": "phone", "consents-0-audience": "public"}
        new |= {"consents-TOTAL_FORMS": "1", "consents-0-wording": "v1", "_continue": "1"}
        saved(desk.post(url, {**typed_in(desk, url), **new}))
        consent = Consent.objects.get()
        assert consent.withdrawn_at is None
        again = {name.replace("-0-", "-1-"): value for name, value in new.items()} | {"consents-TOTAL_FORMS": "2"}
        assert "déjà en vigueur" in desk.post(url, {**typed_in(desk, url), **again}).content.decode()
        tampered = {"consents-0-DELETE": "on", "consents-0-wording": "v9"}
        saved(submit(desk, url, **tampered))
        consent.refresh_from_db()
        assert consent.wording == "v1"
        saved(submit(desk, url, **{"consents-0-withdraw": "on"}))
        consent.refresh_from_db()
        withdrawn_at = consent.withdrawn_at
        assert withdrawn_at is not None
        saved(submit(desk, url, name="Ferme Martin et fils"))
        consent.refresh_from_db()
        assert consent.withdrawn_at == withdrawn_at, "a withdrawn consent stays withdrawn"
        saved(desk.post(url, {**typed_in(desk, url), **again}))
        assert merchant.consents.in_force("public") == {"phone"}

    def test_a_verified_label_says_by_whom(self, desk, merchant):
        link = MerchantLabel.objects.create(merchant=merchant, label_id=_label("organic"))
        url = self.url(merchant)
        page = submit(desk, url, **{"label_links-0-state": "verified"})
        assert "dit par qui" in page.content.decode()
        saved(submit(desk, url, **{"label_links-0-state": "verified", "label_links-0-verified_by": "Agence Bio"}))
        link.refresh_from_db()
        assert link.state == "verified"

    def test_siren_is_unique_only_where_given(self, desk, merchant):
        Merchant.objects.create(name="Autre")
        saved(submit(desk, self.url(merchant), siren=""))
        merchant.refresh_from_db()
        assert merchant.siren is None

    def test_the_owner_is_chosen_by_those_who_may_see_accounts(self, desk, merchant, admin_user):
        assert 'name="owner"' not in desk.get(self.url(merchant)).content.decode()
        assert 'name="owner"' in log_in(admin_user).get(self.url(merchant)).content.decode()


def _label(code: str) -> int:
    from directory.models import Label

    return Label.objects.get(code=code).pk


class TestReadOnly:
    LOADED = ["activity", "product", "label", "service", "sourcerecord"]

    @pytest.mark.parametrize(
        "model", [f"directory/{name}" for name in LOADED] + ["geo/commune", "geo/epci", "geo/departement"]
    )
    def test_what_is_loaded_from_files_is_not_edited_even_by_a_superuser(self, admin_user, model):
        root = log_in(admin_user)
        assert root.get(f"/gestion/{model}/").status_code == 200
        assert root.get(f"/gestion/{model}/add/").status_code == 403

    def test_pages_of_the_vocabulary_and_the_ground(self, desk):
        product = Product.objects.get(code="goat_cheese")
        for url in (f"/gestion/directory/product/{product.pk}/change/", f"/gestion/geo/commune/{VENDOME}/change/"):
            page = desk.get(url)
            assert page.status_code == 200
            assert "_save" not in page.content.decode()
        assert 'class="term-depth-3"' in desk.get("/gestion/directory/product/", {"q": "chevre"}).content.decode()

    def test_a_product_is_found_by_synonym(self, desk):
        found = desk.get("/gestion/directory/product/", {"q": "crottin"}).context["cl"].result_list
        assert "goat_cheese" in {term.code for term in found}

    def test_a_source_is_edited_by_those_who_may(self, admin_user, desk):
        source = Source.objects.create(slug="s", name="S", producer="P", licence="L")
        url = f"/gestion/directory/source/{source.pk}/change/"
        assert "_save" not in desk.get(url).content.decode()
        saved(submit(log_in(admin_user), url, licence="Licence Ouverte 2.0"))

    def test_a_record_is_found_by_its_id_in_the_source(self, desk):
        source = Source.objects.create(slug="s", name="S", producer="P", licence="L")
        for external_id in ("abc", "abcd"):
            SourceRecord.objects.create(
                source=source, external_id=external_id, point_of_sale=point_of_sale(), fields={}, row_hash="",
                imported_at=timezone.now(),
            )  # fmt: skip
        found = desk.get("/gestion/directory/sourcerecord/", {"q": "abc"}).context["cl"].result_list
        assert [record.external_id for record in found] == ["abc"]

    def test_the_hours_of_a_shared_row_are_checked(self, admin_user):
        root = log_in(admin_user)
        response = root.post("/gestion/directory/schedule/add/", {"text": "lundi matin", "holidays": "FR"})
        assert "text" in errors_of(response)
