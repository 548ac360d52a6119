"""The worklist's page: its lines, totals, filters and pages."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.gaps import worklist
from directory.gaps.follow_up import record
from directory.gaps.refreshing import refresh
from directory.models import ConnectionReport, Consent, GapCase, PointOfSale
from tests.builders import VENDOME, point_of_sale
from tests.coverage_data import closure, fibre
from tests.maps.admin_desk import BLOIS

pytestmark = pytest.mark.django_db
LIST = "/agents/departement/41/"


def text(response) -> str:  # type: ignore[no-untyped-def]
    """The page as it is read: without tags, on one line."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", response.content.decode())))


def names(response) -> list[str]:  # type: ignore[no-untyped-def]
    return [line.name for line in response.context["lines"]]


class TestLines:
    def test_say_what_is_found_with_the_number_and_the_sum(self, desk, cases):
        closure(VENDOME, timezone.localdate() + timedelta(days=100))
        page = text(desk.get(LIST))
        assert "90 % des locaux ne sont pas éligibles à la fibre (90 sur 100)" in page
        assert "part de la commune" in page
        assert "classe 30 sur 30 · part 22 sur 25 · cuivre 20 sur 20 · sans boutique en ligne 10 sur 10" in page

    def test_who_is_listed_by_its_reply_alone_is_not_said_to_be_in_a_zone(self, desk, cases):
        place = point_of_sale("Atelier", commune="41194")
        ConnectionReport.objects.create(point_of_sale=place, fibre="refused")
        fibre({"41194": 90, VENDOME: 10, BLOIS: 90}, date(2025, 12, 31))
        response = desk.get(LIST)
        marks = {line.name: line.evidence for line in response.context["lines"]}
        assert marks == {"Chèvrerie du Loir": "part de la commune", "Atelier": "hors zone, réponse du commerçant"}
        page = text(response)
        assert "Commerces à suivre dans le Loir-et-Cher" in page
        assert "et commerces hors zone que leur réponse met sur la liste" in page
        assert "hors zone que leur réponse" in text(desk.get(f"{LIST}point/"))

    def test_the_worst_first(self, desk, cases):
        assert names(desk.get(LIST)) == ["Chèvrerie du Loir", "Boulangerie Denis"]

    def test_the_rule_the_weights_and_the_edition_are_printed(self, desk, cases):
        page = text(desk.get(LIST))
        assert "moins de 50 % des locaux de la commune éligibles à la fibre" in page
        assert "Priorité sur 100 points : classe 30, part 25, cuivre 20" in page
        assert "ARCEP, Ma connexion internet, édition du 30 septembre 2025" in page
        assert "Liste mise à jour le" in page

    def test_names_are_text(self, desk):
        point_of_sale("<script>alert(1)</script>")
        fibre({VENDOME: 10})
        page = desk.get(LIST).content.decode()
        assert "<script>alert(1)" not in page
        assert "&lt;script&gt;alert(1)" in page

    def test_what_is_invented_says_so(self, desk, cases):
        assert "Démonstration" not in desk.get(LIST).content.decode()
        PointOfSale.objects.filter(merchant__name="Boulangerie Denis").update(demo=True)
        page = desk.get(LIST).content.decode()
        assert "demo-banner" in page
        assert page.count('<span class="badge">Démonstration') == 1

    def test_so_do_invented_figures(self, desk):
        point_of_sale()
        fibre({VENDOME: 10}, demo=True)
        page = desk.get(LIST).content.decode()
        assert "demo-banner" in page
        assert page.count('<span class="badge">Démonstration') == 1


class TestPhone:
    @pytest.fixture(autouse=True)
    def _phone(self, goats):
        merchant = goats.point_of_sale.merchant
        merchant.phone = "02 54 11 22 33"
        merchant.save()
        self.merchant = merchant

    def shown(self, desk, goats) -> set[bool]:
        pages = [LIST, f"{LIST}dossier/{goats.pk}/", f"{LIST}point/"]
        return {"+33254112233" in desk.get(page).content.decode() for page in pages}

    def test_is_not_there_without_consent(self, desk, goats):
        assert self.shown(desk, goats) == {False}

    def test_nor_with_a_consent_to_others(self, desk, goats):
        Consent.objects.create(merchant=self.merchant, field="phone", audience="chamber", wording="1")
        Consent.objects.create(merchant=self.merchant, field="email", audience="departement", wording="1")
        assert self.shown(desk, goats) == {False}

    @pytest.mark.parametrize("audience", ["departement", "public"])
    def test_is_with_one_to_the_departement_or_to_all_until_it_is_withdrawn(self, desk, goats, audience):
        consent = Consent.objects.create(merchant=self.merchant, field="phone", audience=audience, wording="1")
        assert self.shown(desk, goats) == {True}
        consent.withdrawn_at = timezone.now()
        consent.save()
        assert self.shown(desk, goats) == {False}


class TestFilters:
    def test_narrow_the_list(self, desk, cases, odile):
        record(cases["Boulangerie Denis"], odile, state="contacted", assignee=odile)
        for query in ("state=contacted", f"commune={BLOIS}", "activity=bakery", "assignee=me"):
            assert names(desk.get(f"{LIST}?{query}")) == ["Boulangerie Denis"]

    def test_of_a_report(self, desk, cases, goats):
        ConnectionReport.objects.create(point_of_sale=goats.point_of_sale, fibre="refused")
        assert names(desk.get(f"{LIST}?reported=1")) == ["Chèvrerie du Loir"]

    def test_those_who_left(self, desk, cases):
        fibre({VENDOME: 95, BLOIS: 40}, day=timezone.localdate())
        assert names(desk.get(LIST)) == ["Boulangerie Denis"]
        assert names(desk.get(f"{LIST}?left=1")) == ["Chèvrerie du Loir"]

    def test_a_mistake_is_told_and_the_rest_is_shown(self, desk, cases):
        response = desk.get(f"{LIST}?state=open&commune={BLOIS}")
        assert response.status_code == 400
        assert "« open » n'est pas une valeur de « État »" in text(response)
        assert names(response) == ["Boulangerie Denis"]

    def test_an_empty_list_offers_the_whole(self, desk, cases):
        page = desk.get(f"{LIST}?state=refused").content.decode()
        assert "Aucun dossier ne répond à ces filtres" in page
        assert f'href="{LIST}"' in page

    def test_each_total_leads_to_as_many(self, desk, cases, odile):
        yesterday = timezone.localdate() - timedelta(days=1)
        record(cases["Boulangerie Denis"], odile, state="to_contact", assignee=odile, next_on=yesterday)
        for query in ("", "?state=to_contact", "?state=to_verify", "?overdue=1", "?activity=bakery"):
            for total in desk.get(LIST + query).context["totals"]:
                if not total.current:
                    assert len(names(desk.get(total.href))) == int(total.number), total

    def test_the_other_language_keeps_them(self, desk, cases):
        assert "/en/agents/departement/41/?state=refused" in desk.get(f"{LIST}?state=refused").content.decode()


class TestPaging:
    def test_lines_follow_from_page_to_page(self, desk, cases, monkeypatch):
        monkeypatch.setattr(worklist, "PAGE", 1)
        monkeypatch.setattr("maps.desk.worklist.PAGE", 1)
        first = desk.get(f"{LIST}?need=unknown")
        assert names(first) == ["Chèvrerie du Loir"]
        following = first.context["page"]["next"]
        assert following == f"{LIST}?need=unknown&page=2"
        second = desk.get(following)
        assert names(second) == ["Boulangerie Denis"]
        assert second.context["page"]["previous"] == f"{LIST}?need=unknown"
        assert second.context["page"]["next"] == ""

    def test_beyond_the_last_is_the_last(self, desk, cases):
        response = desk.get(f"{LIST}?page=7")
        assert response.status_code == 400
        assert "Il n'y a pas de page 7" in text(response)
        assert len(names(response)) == 2


def test_as_many_questions_of_the_database_for_a_long_list(desk, cases):
    def asked() -> list[int]:
        counts = []
        for path in (LIST, f"{LIST}point/"):
            desk.get(path)  # copies in memory are made
            with CaptureQueriesContext(connection) as queries:
                desk.get(path)
            counts.append(len(queries))
        return counts

    few, held = asked(), GapCase.objects.count()
    for number in range(8):
        point_of_sale(f"Ferme {number}", activities=["farm", "bakery"])
    refresh()
    assert GapCase.objects.count() == held + 8
    assert asked() == few
