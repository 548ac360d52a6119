"""The admin that the région's agents use: who may do what, the pin and its provenance, the queues, the history."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from directory.models import (
    Consent,
    Merchant,
    MerchantLabel,
    Offer,
    PointOfSale,
    Product,
    SearchEntry,
    Source,
    SourceRecord,
)
from geo.models import Commune
from geo.points import Position
from maps.admin.groups import AGENTS, agent_codenames, ensure_agent_group
from maps.admin.moderation import TOLERANCE_M, metres_outside
from maps.admin.search import accent_blind
from tests.builders import VENDOME, at, centre_of, point_of_sale

pytestmark = pytest.mark.django_db

PLACES = "/gestion/directory/pointofsale/"
DOUBTFUL = f"{PLACES}epingles-douteuses/"
HELD = f"{PLACES}a-moderer/"
MERCHANTS = "/gestion/directory/merchant/"
BLOIS = "41018"
NASTY = "</script><img src=x onerror=alert(1)>"
SIRETS = ["73282932000074", "44306184100047", "55208131766522"]


def log_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def agent() -> User:
    user = User.objects.create_user("anne", is_staff=True)
    user.groups.add(Group.objects.get(name=AGENTS))
    return user


@pytest.fixture
def desk(agent) -> Client:
    """An agent at work."""
    return log_in(agent)


def staff_with(*codenames: str) -> Client:
    user = User.objects.create_user("partial", is_staff=True)
    user.user_permissions.add(*Permission.objects.filter(codename__in=codenames))
    return log_in(user)


class FormReader(HTMLParser):
    """What a browser would send for the page's main form, buttons left out."""

    def __init__(self) -> None:
        super().__init__()
        self.data: dict[str, list[str]] = {}
        self.inside = False
        self.select: dict[str, Any] | None = None
        self.textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        name = found.get("name") or ""
        if tag == "form":
            self.inside = (found.get("id") or "").endswith("_form")
        if not self.inside or "disabled" in found:
            return
        if tag == "input" and name and found.get("type") not in ("submit", "button"):
            if found.get("type") not in ("checkbox", "radio") or "checked" in found:
                self.data.setdefault(name, []).append(found.get("value") or ("on" if "checked" in found else ""))
        elif tag == "select" and name:
            self.select = {"name": name, "multiple": "multiple" in found, "first": None, "chosen": []}
        elif tag == "option" and self.select is not None:
            value = found.get("value") or ""
            self.select["first"] = value if self.select["first"] is None else self.select["first"]
            if "selected" in found:
                self.select["chosen"].append(value)
        elif tag == "textarea" and name:
            self.textarea = name
            self.data[name] = [""]

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.data[self.textarea][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        if tag == "textarea" and self.textarea:
            self.data[self.textarea][0] = self.data[self.textarea][0].removeprefix("\r\n").removeprefix("\n")
            self.textarea = ""
        if tag == "select" and self.select is not None:
            chosen = self.select["chosen"] or ([] if self.select["multiple"] else [self.select["first"] or ""])
            self.data.setdefault(self.select["name"], []).extend(chosen)
            self.select = None


def typed_in(client: Client, url: str, **changes: Any) -> dict[str, Any]:
    """The form of a page as it stands, with some fields typed over (None unticks)."""
    page = client.get(url)
    assert page.status_code == 200
    reader = FormReader()
    reader.feed(page.content.decode())
    data: dict[str, Any] = {name: values for name, values in reader.data.items() if "__prefix__" not in name}
    for name, value in changes.items():
        data.pop(name, None) if value is None else data.__setitem__(name, value)
    return data


def submit(client: Client, url: str, button: str = "_continue", **changes: Any) -> Any:
    return client.post(url, {**typed_in(client, url, **changes), button: "1"})


def errors_of(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 200, "the form was accepted"
    return {name: list(errors) for name, errors in response.context["adminform"].form.errors.items()}


def saved(response: Any) -> None:
    shown = (
        ""
        if response.status_code == 302
        else f"{response.context['adminform'].form.errors} {response.context['errors']}"
    )
    assert response.status_code == 302, shown


def form_of(place: PointOfSale, query: str = "") -> str:
    return f"{PLACES}{place.pk}/change/{query}"


def said(client: Client, response: Any) -> str:
    """The messages that the next page shows."""
    page = client.get(response.url)
    return unescape(" | ".join(str(message) for message in page.context["messages"]))


def names_in(response: Any) -> set[str]:
    return {place.display_name for place in response.context["cl"].result_list}


def act(client: Client, url: str, action: str, *places: PointOfSale) -> Any:
    return client.post(url, {"action": action, "_selected_action": [place.pk for place in places], "index": "0"})


def pin_at(position: Position) -> dict[str, str]:
    return {"pin_lat": f"{position.lat:.6f}", "pin_lon": f"{position.lon:.6f}"}


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
        assert not any(codename.startswith("delete") for _, codename in held())

    def test_the_index_is_grouped_by_what_one_comes_to_do(self, desk):
        sections = {str(section["name"]): section for section in desk.get("/gestion/").context["app_list"]}
        assert list(sections) == ["À vérifier", "Commerçants", "Sources", "Vocabulaire", "Territoire"]
        assert [entry["admin_url"] for entry in sections["À vérifier"]["models"]] == [DOUBTFUL, HELD]

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
            with django_assert_max_num_queries(9) as few:
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


class TestPin:
    def test_a_moved_pin_says_who_moved_it(self, desk, agent):
        place = point_of_sale(reviews=["doubtful_pin", "duplicate"], pin_label="1 Rue du Test 41100 Vendôme")
        there = at(centre_of(), 45, 400)
        before = timezone.now()
        saved(submit(desk, form_of(place), **pin_at(there)))
        place.refresh_from_db()
        assert Position.from_geos(place.pin).distance_to(there) < 0.2
        assert (place.pin_precision, place.pin_source, place.pin_score, place.pin_label) == (
            "manual",
            "manual",
            None,
            "",
        )
        assert place.pin_by == agent
        assert before <= place.pin_at <= timezone.now()
        assert place.reviews == ["duplicate"]

    def test_an_unmoved_pin_keeps_its_provenance_to_the_last_digit(self, desk):
        place = point_of_sale(pin=Position(1.0653430123456, 47.7925509876543), reviews=["doubtful_pin"])
        place.refresh_from_db()
        before = {
            name: getattr(place, name) for name in ("pin_precision", "pin_source", "pin_score", "pin_at", "pin_by")
        }
        pin = place.pin.coords
        saved(submit(desk, form_of(place), street="3 rue Neuve"))
        place.refresh_from_db()
        assert {name: getattr(place, name) for name in before} == before
        assert place.pin.coords == pin
        assert place.reviews == ["doubtful_pin"]

    def test_a_pin_moved_meanwhile_by_the_geocoder_is_not_put_back(self, desk):
        place = point_of_sale()
        url, there = form_of(place), at(centre_of(), 200, 500)
        data = typed_in(desk, url, street="4 rue Neuve")
        PointOfSale.objects.filter(pk=place.pk).update(pin=there.to_geos(), pin_score=0.97)
        saved(desk.post(url, {**data, "_continue": "1"}))
        place.refresh_from_db()
        assert Position.from_geos(place.pin).distance_to(there) < 0.2
        assert (place.pin_precision, place.pin_source, place.pin_score) == ("housenumber", "ban", 0.97)

    def test_a_pin_taken_away_leaves_room_for_the_geocoder(self, desk):
        place = point_of_sale()
        saved(submit(desk, form_of(place), pin_lat="", pin_lon=""))
        place.refresh_from_db()
        assert place.pin is None
        assert (place.pin_precision, place.pin_source, place.pin_at, place.pin_by) == ("", "", None, None)

    def test_a_first_pin(self, desk):
        place = point_of_sale()
        PointOfSale.objects.filter(pk=place.pk).update(pin=None, pin_precision="", pin_source="")
        saved(submit(desk, form_of(place), pin_lat="47,7925", pin_lon="1,0653"))
        place.refresh_from_db()
        assert place.pin.coords == pytest.approx((1.0653, 47.7925))
        assert place.pin_precision == "manual"

    @pytest.mark.parametrize(
        ("lat", "lon"),
        [("47.79", ""), ("", "1.06"), ("91", "1"), ("47", "181"), ("nan", "1"), ("1e3", "1"), ("x", "y")],
    )
    def test_what_is_not_a_position_is_refused(self, desk, lat, lon):
        place = point_of_sale()
        assert "pin" in errors_of(submit(desk, form_of(place), pin_lat=lat, pin_lon=lon))
        place.refresh_from_db()
        assert place.pin_source == "ban"

    def test_far_outside_the_commune_is_asked_for(self, desk):
        place = point_of_sale()
        far = centre_of(BLOIS)
        response = submit(desk, form_of(place), **pin_at(far))
        metres = metres_outside(Commune.objects.get(pk=VENDOME), far.to_geos())
        (message,) = errors_of(response)["pin"]
        assert f"{metres / 1000:.1f}".replace(".", ",") + " km hors de Vendôme, dans Blois" in message
        saved(submit(desk, form_of(place), pin_confirmed="on", **pin_at(far)))
        place.refresh_from_db()
        assert place.pin_precision == "manual"

    def test_two_kilometres_are_the_limit(self, desk):
        place, commune = point_of_sale(), Commune.objects.get(pk=VENDOME)
        ways = [at(centre_of(), 20, metres) for metres in range(0, 15_000, 50)]
        gaps = [metres_outside(commune, way.to_geos()) for way in ways]
        beyond = next(i for i, gap in enumerate(gaps) if gap > TOLERANCE_M)
        assert 0 < gaps[beyond - 1] <= TOLERANCE_M < gaps[beyond] < TOLERANCE_M + 100
        assert "pin" in errors_of(submit(desk, form_of(place), **pin_at(ways[beyond])))
        saved(submit(desk, form_of(place), **pin_at(ways[beyond - 1])))

    def test_a_far_pin_that_was_there_before_does_not_stop_other_edits(self, desk):
        place = point_of_sale(pin=centre_of(BLOIS))
        saved(submit(desk, form_of(place), street="5 rue Neuve"))

    def test_another_commune_is_compared_with_the_pin_too(self, desk):
        place = point_of_sale()
        assert "pin" in errors_of(submit(desk, form_of(place), commune=BLOIS))

    def test_the_form_works_without_javascript(self, desk):
        place = point_of_sale()
        page = desk.get(form_of(place)).content.decode()
        assert re.search(r'<label for="id_pin_lat">Latitude</label>', page)
        assert re.search(r'<input type="number"[^>]*name="pin_lon"[^>]*value="1\.06', page)
        assert re.search(r"data-pin-map\s+hidden", page), "the map appears when its script has run"

    def test_the_sources_own_points_are_given_to_the_map(self, desk):
        place = point_of_sale()
        source = Source.objects.create(slug="s", name=f"Liste {NASTY}", producer="P", licence="L")
        SourceRecord.objects.create(
            source=source, external_id="1", point_of_sale=place, fields={}, row_hash="", imported_at=timezone.now(),
            point=at(centre_of(), 90, 250).to_geos(),
        )  # fmt: skip
        page = desk.get(form_of(place)).content.decode()
        assert "data-sources=" in page
        assert NASTY not in page
        assert "à 250 m de l’épingle" in page

    def test_the_outline_of_a_commune_and_its_neighbours(self, desk):
        features = desk.get(f"{PLACES}communes/{VENDOME}/contours/").json()["features"]
        roles = [feature["properties"]["role"] for feature in features]
        assert roles == [*["beside"] * 12, "commune"]
        assert features[-1]["properties"]["name"] == "Vendôme"
        assert features[-1]["geometry"]["type"] == "MultiPolygon"
        assert desk.get(f"{PLACES}communes/99999/contours/").status_code == 404


class TestForm:
    def test_published_needs_a_commune(self, desk):
        place = point_of_sale()
        message = errors_of(submit(desk, form_of(place), commune=""))["commune"][0]
        assert "publié" in message

    def test_a_siret_is_used_once_among_the_living(self, desk):
        place, twin = point_of_sale(), point_of_sale("La Jumelle", siret=SIRETS[0])
        assert "La Jumelle" in errors_of(submit(desk, form_of(place), siret=SIRETS[0]))["siret"][0]
        PointOfSale.objects.filter(pk=twin.pk).update(status="closed")
        saved(submit(desk, form_of(place), siret=SIRETS[0]))

    def test_hours_are_checked_and_their_row_is_shared_not_edited(self, desk):
        place, other = point_of_sale(), point_of_sale("Autre")
        assert "hours" in errors_of(submit(desk, form_of(place), hours="lundi matin"))
        for shop in (place, other):
            saved(submit(desk, form_of(shop), hours="Mo-Fr 09:00-12:00"))
        saved(submit(desk, form_of(place), hours="Mo-Sa 09:00-12:00"))
        place.refresh_from_db(), other.refresh_from_db()
        assert (place.schedule.text, other.schedule.text) == ("Mo-Sa 09:00-12:00", "Mo-Fr 09:00-12:00")
        saved(submit(desk, form_of(place), hours=""))
        place.refresh_from_db()
        assert place.schedule is None

    def test_an_offer_says_what(self, desk):
        place = point_of_sale(products=["cheese"])
        url = form_of(place)
        data = typed_in(desk, url) | {
            "offers-TOTAL_FORMS": "2", "offers-1-id": "", "offers-1-point_of_sale": str(place.pk),
            "offers-1-product": "", "offers-1-line": "", "offers-1-unit": "pièce",
        }  # fmt: skip
        response = desk.post(url, {**data, "_continue": "1"})
        assert "Choisissez un produit" in response.content.decode()
        saved(desk.post(url, {**data, "offers-1-line": "crottin", "_continue": "1"}))
        assert set(place.offers.values_list("line", flat=True)) == {"", "crottin"}
        response = desk.post(url, {**data, "offers-1-line": "x", "offers-1-season_first": "4", "_continue": "1"})
        assert "les deux mois" in response.content.decode()

    def test_merging_is_not_done_by_choosing_a_state(self, desk):
        place = point_of_sale()
        assert "status" in errors_of(submit(desk, form_of(place), status="merged"))
        gone = point_of_sale("Fusionnée", status="merged", merged_into=place)
        page = desk.get(form_of(gone)).content.decode()
        assert 'name="status"' not in page
        assert form_of(place) in page
        assert "Fusionnée" in desk.get(form_of(place)).content.decode()

    def test_contact_data_of_a_source_is_for_those_who_may_view_merchants(self, desk):
        place = point_of_sale()
        source = Source.objects.create(slug="s", name="S", producer="P", licence="L")
        SourceRecord.objects.create(
            source=source, external_id="1", point_of_sale=place, row_hash="", imported_at=timezone.now(),
            fields={"name": "Ferme", "phone": "0254770000", "contact_email": "a@b.fr", "tel": ["0600000000"]},
        )  # fmt: skip
        assert "0254770000" in desk.get(form_of(place)).content.decode()
        others = staff_with("view_pointofsale", "view_sourcerecord")
        for url in (form_of(place), f"/gestion/directory/sourcerecord/{place.source_records.get().pk}/change/"):
            page = others.get(url).content.decode()
            assert "réservé" in page
            for secret in ("0254770000", "a@b.fr", "0600000000"):
                assert secret not in page
        assert others.get(f"{MERCHANTS}{place.merchant_id}/change/").status_code == 403


class TestQueue:
    def test_it_says_what_speaks_against_a_pin(self, desk):
        source = Source.objects.create(slug="s", name="Liste S", producer="P", licence="L")
        beside = point_of_sale("À côté", reviews=["doubtful_pin"])
        SourceRecord.objects.create(
            source=source, external_id="1", point_of_sale=beside, fields={}, row_hash="", imported_at=timezone.now(),
            point=at(centre_of(), 90, 300).to_geos(),
        )  # fmt: skip
        point_of_sale("Dehors", pin=centre_of(BLOIS), reviews=["doubtful_pin"])
        point_of_sale("Sûre")
        point_of_sale("Fermée", reviews=["doubtful_pin"], status="closed")
        response = desk.get(DOUBTFUL)
        assert names_in(response) == {"À côté", "Dehors"}
        page = response.content.decode()
        assert "Liste S la met à 300 m" in page
        assert re.search(r"à \d+,\d km hors de la commune", page)
        assert f"{PLACES}{beside.pk}/change/?file=epingles" in page

    def test_save_and_next_goes_through_it(self, desk):
        first, second, third = (point_of_sale(f"F{i}", reviews=["doubtful_pin"]) for i in range(3))
        there = pin_at(at(centre_of(), 10, 200))
        response = submit(desk, form_of(second, "?file=epingles"), "_next", **there)
        assert response.url == form_of(third, "?file=epingles")
        response = submit(desk, response.url, "_next", **there)
        assert response.url == form_of(first, "?file=epingles"), "from the beginning again"
        response = submit(desk, response.url, "_next", **there)
        assert response.url == DOUBTFUL
        assert "pas d'autre" in said(desk, response)

    def test_a_pin_found_right_where_it_is(self, desk):
        place, other = (point_of_sale(f"F{i}", reviews=["doubtful_pin"]) for i in range(2))
        response = submit(desk, form_of(place, "?file=epingles"), "_pin_verified")
        assert response.url == form_of(other, "?file=epingles")
        place.refresh_from_db()
        assert (place.reviews, place.pin_source) == ([], "ban")

    def test_a_departement_at_a_time(self, desk):
        place = point_of_sale(reviews=["doubtful_pin"])
        point_of_sale("Orléans", commune="45234", reviews=["doubtful_pin"])
        page = desk.get(DOUBTFUL, {"departement": "41"})
        assert names_in(page) == {place.display_name}
        url = form_of(place, "?file=epingles&departement=41")
        assert url.replace("&", "&amp;") in page.content.decode()
        assert submit(desk, url, "_pin_verified").url == f"{DOUBTFUL}?departement=41"

    def test_an_unknown_queue_is_no_queue(self, desk):
        place = point_of_sale()
        page = desk.get(form_of(place, "?file=autre&departement=zz")).content.decode()
        assert "_next" not in page

    def test_the_verified_action_works_on_the_list(self, desk, agent):
        place = point_of_sale(reviews=["doubtful_pin"])
        response = act(desk, DOUBTFUL, "verify_pin", place)
        assert "épingle vérifiée" in said(desk, response)
        place.refresh_from_db()
        assert place.reviews == []
        record = place.history.first()
        assert (record.history_user, record.history_change_reason) == (agent, "épingle vérifiée")


class TestModeration:
    def held(self, name: str, review: str = "natural_person", **fields: Any) -> PointOfSale:
        return point_of_sale(name, reviews=[review], **({"status": "draft"} | fields))

    def test_publish_and_refuse(self, desk):
        good, bad = self.held("Anne Martin"), self.held("Doublon", "duplicate")
        assert names_in(desk.get(HELD)) == {"Anne Martin", "Doublon"}
        act(desk, HELD, "publish", good)
        act(desk, HELD, "refuse", bad)
        good.refresh_from_db(), bad.refresh_from_db()
        assert (good.status, good.reviews) == ("published", [])
        assert (bad.status, bad.reviews) == ("closed", [])
        assert SearchEntry.objects.filter(pk=good.pk).exists()
        assert names_in(desk.get(HELD)) == set()

    def test_publishing_leaves_the_doubt_about_the_pin(self, desk):
        place = self.held("Deux doutes")
        PointOfSale.objects.filter(pk=place.pk).update(reviews=["natural_person", "doubtful_pin"])
        act(desk, HELD, "publish", place)
        place.refresh_from_db()
        assert place.reviews == ["doubtful_pin"]

    def test_one_after_the_other_in_the_form(self, desk):
        first, second = self.held("Un"), self.held("Deux")
        response = submit(desk, form_of(first, "?file=moderation"), "_publish_next")
        assert response.url == form_of(second, "?file=moderation")
        response = submit(desk, response.url, "_refuse_next")
        assert response.url == HELD
        first.refresh_from_db(), second.refresh_from_db()
        assert (first.status, second.status) == ("published", "closed")

    def test_a_refused_publication_stays_on_the_form_and_says_why(self, desk):
        place = self.held("Sans commune")
        PointOfSale.objects.filter(pk=place.pk).update(commune=None)
        response = submit(desk, form_of(place, "?file=moderation"), "_publish_next", street="6 rue Neuve")
        assert response.url == form_of(place, "?file=moderation")
        assert "sans commune" in said(desk, response)
        place.refresh_from_db()
        assert (place.status, place.street, place.reviews) == ("draft", "6 rue Neuve", ["natural_person"])


class TestActions:
    def test_those_that_cannot_be_published_are_named_and_left(self, desk):
        good = point_of_sale("Bonne", status="draft")
        homeless = point_of_sale("Sans commune", status="draft")
        PointOfSale.objects.filter(pk=homeless.pk).update(commune=None)
        merged = point_of_sale("Fusionnée", status="merged", merged_into=good)
        point_of_sale("Vivante", siret=SIRETS[0])
        twin = point_of_sale("Jumelle", siret=SIRETS[0], status="closed")
        words = said(desk, act(desk, PLACES, "publish", good, homeless, merged, twin))
        assert "1 point de vente : publié." in words
        assert "3 refusés" in words
        for reason in ("« Sans commune »", "sans commune", "fusionné dans un autre", "déjà celui de « Vivante »"):
            assert reason in words
        states = dict(PointOfSale.objects.values_list("pk", "status"))
        assert [states[place.pk] for place in (good, homeless, merged, twin)] == [
            "published",
            "draft",
            "merged",
            "closed",
        ]

    def test_two_closed_twins_are_not_both_reopened(self, desk):
        twins = [point_of_sale(f"J{i}", siret=SIRETS[0], status="closed") for i in range(2)]
        words = said(desk, act(desk, PLACES, "publish", *twins))
        assert "1 point de vente : publié." in words
        assert "1 refusé" in words

    @pytest.mark.parametrize(("action", "state"), [("hide", "hidden"), ("close", "closed")])
    def test_hide_and_close_leave_the_search(self, desk, agent, action, state):
        place = point_of_sale()
        assert SearchEntry.objects.filter(pk=place.pk).exists()
        act(desk, PLACES, action, place)
        place.refresh_from_db()
        assert place.status == state
        assert not SearchEntry.objects.filter(pk=place.pk).exists()
        assert place.history.first().history_user == agent

    def test_what_the_database_refuses_is_said_and_nothing_else_is_lost(self, desk, monkeypatch):
        good, twin = point_of_sale("Bonne", status="draft"), point_of_sale("Jumelle", siret=SIRETS[0], status="closed")
        point_of_sale("Vivante", siret=SIRETS[0])
        monkeypatch.setattr("maps.admin.moderation.live_twin", lambda place: None)  # another transaction was faster
        words = said(desk, act(desk, PLACES, "publish", good, twin))
        assert "refusé par la base" in words
        good.refresh_from_db()
        assert good.status == "published"

    def test_a_pin_that_is_not_there_is_not_verified(self, desk):
        place = point_of_sale(reviews=["doubtful_pin"])
        PointOfSale.objects.filter(pk=place.pk).update(pin=None, pin_precision="")
        assert "sans épingle" in said(desk, act(desk, PLACES, "verify_pin", place))

    def test_too_many_at_once_do_nothing(self, desk, monkeypatch):
        monkeypatch.setattr("maps.admin.place_actions.MOST_AT_ONCE", 2)
        places = [point_of_sale(f"F{i}", status="draft") for i in range(3)]
        assert "au plus 2" in said(desk, act(desk, PLACES, "publish", *places))
        assert PointOfSale.objects.filter(status="draft").count() == 3


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
