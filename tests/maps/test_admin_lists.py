"""The admin: who comes in, and the list of points of sale."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from directory.models import (
    Merchant,
    PointOfSale,
    Source,
    SourceRecord,
)
from maps.admin.groups import AGENTS, agent_codenames, ensure_agent_group
from maps.admin.search import accent_blind
from tests.builders import VENDOME, at, centre_of, point_of_sale
from tests.maps.admin_desk import (
    BLOIS,
    DOUBTFUL,
    HELD,
    MERCHANTS,
    PLACES,
    SIRETS,
    act,
    form_of,
    log_in,
    names_in,
    saved,
    staff_with,
    submit,
)

pytestmark = pytest.mark.django_db


class TestDoor:
    @pytest.mark.parametrize("url", [PLACES, DOUBTFUL, HELD, MERCHANTS, "/gestion/", "/gestion/geo/commune/"])
    def test_a_stranger_is_sent_to_the_login(self, client, url):
        response = client.get(url)
        assert response.status_code == 302
        assert response.url.startswith("/gestion/login/")

    def test_the_outline_is_for_staff_too(self, client):
        assert client.get(f"{PLACES}communes/{VENDOME}/contours/").status_code == 302
        assert staff_with().get(f"{PLACES}communes/{VENDOME}/contours/").status_code == 403

    def test_staff_without_rights_see_nothing(self):
        nobody = staff_with()
        for url in (PLACES, DOUBTFUL, HELD, MERCHANTS):
            assert nobody.get(url).status_code == 403
        assert nobody.get("/gestion/").context["app_list"] == []

    def test_an_agent_changes_but_never_deletes(self, desk):
        place = point_of_sale()
        saved(submit(desk, form_of(place), street="2 rue Neuve"))
        place.refresh_from_db()
        assert place.street == "2 rue Neuve"
        assert desk.post(f"{PLACES}{place.pk}/delete/", {"post": "yes"}).status_code == 403
        assert desk.post(f"{MERCHANTS}{place.merchant_id}/delete/", {"post": "yes"}).status_code == 403
        assert "delete_selected" not in desk.get(PLACES).content.decode()
        assert desk.get(f"{PLACES}add/").status_code == 403

    def test_an_agent_has_no_business_with_accounts(self, desk):
        assert desk.get("/gestion/auth/user/").status_code == 403
        assert desk.get("/gestion/auth/group/").status_code == 403

    def test_the_group_has_exactly_these_rights(self):
        def held() -> set[tuple[str, str]]:
            rows = Group.objects.get(name=AGENTS).permissions.select_related("content_type")
            return {(row.content_type.app_label, row.codename) for row in rows}

        assert held() == agent_codenames()
        ensure_agent_group()
        assert held() == agent_codenames()
        assert {codename for _, codename in held() if codename.startswith("delete")} == {"delete_soldon"}

    def test_the_index_is_grouped_by_what_one_comes_to_do(self, desk):
        sections = {str(section["name"]): section for section in desk.get("/gestion/").context["app_list"]}
        assert list(sections) == [
            "À vérifier", "Commerçants", "Signalements et revendications", "Modération", "Plateformes", "Sélections",
            "Sources", "Vocabulaire", "Territoire",
        ]  # fmt: skip
        urls = [entry["admin_url"] for entry in sections["À vérifier"]["models"]]
        assert urls[:2] == [HELD, DOUBTFUL]
        assert [url.split("/")[3] for url in urls[2:]] == ["duplicate", "merchantlabel", "termproposal"]

    def test_a_viewer_reads_the_form_and_has_no_actions(self):
        place = point_of_sale()
        viewer = staff_with("view_pointofsale")
        page = viewer.get(form_of(place)).content.decode()
        assert "pin_lat" not in page
        assert "47,792" in page
        assert 'name="action"' not in viewer.get(PLACES).content.decode()
        act(viewer, PLACES, "close", place)
        place.refresh_from_db()
        assert place.status == "published"


class TestList:
    def test_fifty_rows_cost_no_more_queries_than_five(self, desk, django_assert_max_num_queries):
        source = Source.objects.create(slug="s", name="S", producer="P", licence="L")
        for i in range(5):
            self._row(i, source)
        desk.get(PLACES)  # the gazetteer is read once for the process
        for url in (PLACES, DOUBTFUL, HELD, MERCHANTS):
            with django_assert_max_num_queries(10) as few:
                desk.get(url)
            few_count = len(few)
            if url == PLACES:
                for i in range(5, 60):
                    self._row(i, source)
                with django_assert_max_num_queries(few_count):
                    assert len(desk.get(url).context["cl"].result_list) == 50
            else:
                with django_assert_max_num_queries(few_count):
                    desk.get(url)

    def _row(self, i: int, source: Source) -> None:
        place = point_of_sale(f"Ferme {i}", reviews=["doubtful_pin", "duplicate"], commune=VENDOME if i % 2 else BLOIS)
        SourceRecord.objects.create(
            source=source, external_id=str(i), point_of_sale=place, fields={}, row_hash="", imported_at=timezone.now(),
            point=at(centre_of(), 90, 300).to_geos(),
        )  # fmt: skip

    def test_the_list_does_not_read_contours(self, desk, django_assert_max_num_queries):
        point_of_sale()
        desk.get(PLACES)
        with django_assert_max_num_queries(9) as queries:
            desk.get(PLACES)
        assert not any("contour" in query["sql"] for query in queries.captured_queries)

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            (SIRETS[0], {"Fromagerie du Cœur"}),
            ("732 829 320 00074", {"Fromagerie du Cœur"}),
            ("443061841", {"Le Bœuf"}),
            ("41100", {"Fromagerie du Cœur", "Étal du marché"}),
            (VENDOME, {"Fromagerie du Cœur", "Étal du marché"}),
            (BLOIS, {"Le Bœuf"}),
            ("vendome", {"Fromagerie du Cœur", "Étal du marché"}),
            ("fromagerie coeur", {"Fromagerie du Cœur"}),
            ("FROMAGERIE VENDÔME", {"Fromagerie du Cœur"}),
            ("fromagerie blois", set()),
            ("etal", {"Étal du marché"}),
            ("boeuf", {"Le Bœuf"}),
            ("Le Bœuf", {"Le Bœuf"}),
            ("nothing of the kind", set()),
            ("%", {"Fromagerie du Cœur", "Étal du marché", "Le Bœuf"}),
            (".*", {"Fromagerie du Cœur", "Étal du marché", "Le Bœuf"}),
        ],
    )
    def test_search(self, desk, text, found):
        point_of_sale("Fromagerie du Cœur", siret=SIRETS[0])
        stall = point_of_sale("Maison Mère", status="draft")
        PointOfSale.objects.filter(pk=stall.pk).update(name="Étal du marché")
        beef = Merchant.objects.create(name="Le Bœuf", siren="443061841")
        point_of_sale("", merchant=beef, commune=BLOIS, postcode="41000")
        assert names_in(desk.get(PLACES, {"q": text})) == found

    def test_search_by_public_id(self, desk):
        place, other = point_of_sale("Une"), point_of_sale("Autre")
        assert names_in(desk.get(PLACES, {"q": f"#{place.pk}"})) == {"Une"}
        assert names_in(desk.get(PLACES, {"q": "9" * 30})) == set(), other

    def test_an_entry_without_postcode_is_found_by_its_commune_s(self, desk):
        point_of_sale("Sans code", postcode="")
        assert names_in(desk.get(PLACES, {"q": "41100"})) == {"Sans code"}

    def test_a_pattern_is_blind_to_accents_and_ligatures(self):
        for word, name in [("coeur", "CŒUR"), ("coeur", "coeur"), ("epicerie", "Épicerie"), ("bonum", "bonum")]:
            assert re.search(accent_blind(word), name, re.IGNORECASE)
        assert not re.search(accent_blind("coeur"), "cour", re.IGNORECASE)

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({"status__exact": "draft"}, {"Brouillon"}),
            ({"reviews": "doubtful_pin"}, {"Douteuse"}),
            ({"departement": "41"}, {"Brouillon", "Douteuse", "Cachée"}),
            ({"departement": "45"}, {"Ailleurs"}),
            ({"kind__exact": "shop"}, {"Ailleurs"}),
            ({"pin_precision__exact": "commune"}, {"Douteuse"}),
            ({"pin_source": "manual"}, {"Brouillon"}),
            ({"pin_source": "other"}, {"Ailleurs"}),
            ({"pin_hidden__exact": "1"}, {"Cachée"}),
            ({"source": "liste"}, {"Ailleurs"}),
            ({"demo__exact": "1"}, {"Cachée"}),
        ],
    )
    def test_filters(self, desk, query, found):
        point_of_sale("Brouillon", status="draft", pin_source="manual")
        point_of_sale("Douteuse", reviews=["doubtful_pin"], pin_precision="commune")
        point_of_sale("Cachée", pin_hidden=True, demo=True)
        away = point_of_sale("Ailleurs", commune="45234", kind="shop", pin_source="liste")
        source = Source.objects.create(slug="liste", name="Liste", producer="P", licence="L")
        SourceRecord.objects.create(
            source=source, external_id="1", point_of_sale=away, fields={}, row_hash="", imported_at=timezone.now()
        )
        assert names_in(desk.get(PLACES, query)) == found


class TestAutocomplete:
    def ask(self, client: Client, model: str, field: str, term: str, app: str = "directory") -> list[str]:
        query = {"app_label": app, "model_name": model, "field_name": field, "term": term}
        response = client.get(reverse("admin:autocomplete"), query)
        assert response.status_code == 200
        return [result["text"] for result in response.json()["results"]]

    @pytest.mark.parametrize("term", ["vendome", "Vendôme", VENDOME, "41100"])
    def test_communes(self, desk, term):
        assert "Vendôme (41269)" in self.ask(desk, "pointofsale", "commune", term)

    def test_the_best_commune_comes_first(self, desk):
        assert self.ask(desk, "pointofsale", "commune", "blois")[0] == "Blois (41018)"

    def test_vocabulary_and_merchants(self, desk):
        point_of_sale("Épicerie du Cœur")
        assert "Fromage de chèvre" in self.ask(desk, "offer", "product", "chevre")
        assert "Ferme" in self.ask(desk, "pointofsale", "activities", "ferme")
        assert self.ask(desk, "pointofsale", "merchant", "epicerie coeur") == ["Épicerie du Cœur"]

    def test_accounts_are_not_for_agents(self, desk):
        query = {"app_label": "directory", "model_name": "merchant", "field_name": "owner", "term": "a"}
        assert desk.get(reverse("admin:autocomplete"), query).status_code == 403


INLINE = re.compile(r"<style|\sstyle=|<script(?![^>]*\ssrc=)[^>]*>|\son[a-z]+=|javascript:", re.IGNORECASE)


def test_no_page_carries_inline_script_or_style(desk, admin_user):
    place = point_of_sale(reviews=["doubtful_pin"])
    saved(submit(desk, form_of(place), street="9 rue Neuve"))
    root = log_in(admin_user)
    urls = [
        "/gestion/", PLACES, DOUBTFUL, HELD, form_of(place), f"{PLACES}{place.pk}/history/",
        f"{PLACES}{place.pk}/history/{place.history.first().pk}/", f"{PLACES}{place.pk}/delete/", MERCHANTS,
        f"{MERCHANTS}{place.merchant_id}/change/", "/gestion/directory/product/", "/gestion/geo/commune/",
        "/gestion/auth/user/", f"/gestion/auth/user/{admin_user.pk}/change/", "/gestion/axes/accessattempt/",
        "/gestion/directory/schedule/add/", "/gestion/password_change/",
    ]  # fmt: skip
    for url in urls:
        response = root.get(url)
        assert response.status_code == 200, url
        assert INLINE.findall(response.content.decode()) == [], url
        assert "style-src 'self'" in response["Content-Security-Policy"]
    assert INLINE.findall(Client().get("/gestion/login/").content.decode()) == []
