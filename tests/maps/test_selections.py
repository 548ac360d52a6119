"""Selections: a question is checked when it is saved, shown between its dates, and stays at its address."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta
from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from directory.demo import removing
from directory.demo import selections as demonstration
from directory.models import Selection
from maps import selections
from tests.builders import VENDOME, centre_of, point_of_sale
from tests.maps.admin_desk import errors_of, log_in, saved, staff_with, submit, typed_in
from tests.maps.reading import links

pytestmark = pytest.mark.django_db
ADD = "/gestion/directory/selection/add/"
TODAY = timezone.localdate()
DAY = timedelta(days=1)


def made(slug: str = "asperges", **fields) -> Selection:
    """On since yesterday, until tomorrow."""
    given = {"title_fr": "Les asperges", "question": "product=asparagus", "published": True}
    return Selection.objects.create(slug=slug, **(given | {"starts_on": TODAY - DAY, "ends_on": TODAY + DAY} | fields))


def page(client, path: str = "/selection/asperges/") -> str:
    response = client.get(path)
    assert response.status_code == 200
    return html.unescape(" ".join(response.content.decode().split()))


@pytest.fixture
def asparagus():
    return point_of_sale("Maraîcher du Loir", activities=["market_garden"], products=["asparagus"])


# --- The question ----------------------------------------------------------------------------------------------------
class TestSaved:
    @pytest.mark.parametrize(
        "text",
        [
            "product=asparagus&departement=41",
            "?product=asparagus&departement=41",
            "https://local.example/?product=asparagus&departement=41",
            "/en/?q=&product=asparagus&departement=41&offset=20#12/47.8/1.06",
            "https://local.example/?q=" + quote("asperges dans le Loir-et-Cher"),
            "asperges dans le Loir-et-Cher",
        ],
    )
    def test_an_address_is_reduced_to_its_question(self, text):
        question = selections.saved(text)
        assert (question.products, question.departements, question.offset) == (("asparagus",), ("41",), 0)
        assert selections.saved(question.query_string()) == question

    def test_nobody_s_position_is_saved(self):
        where = centre_of()
        kept = selections.saved(f"product=asparagus&lat={where.lat}&lon={where.lon}").query_string()
        assert "lat=" not in kept
        assert "Vend%C3%B4me" in kept

    @pytest.mark.parametrize(
        "text", ["https://local.example/", "de la", "sort=name", "asperges autour de moi", "?", "#a"]
    )
    def test_what_asks_nothing_is_refused(self, text):
        with pytest.raises(selections.NoQuestionError):
            selections.saved(text)


# --- Gestion ---------------------------------------------------------------------------------------------------------
class TestAdmin:
    def fields(self, **changes) -> dict[str, str]:
        days = {"starts_on": f"{TODAY:%d/%m/%Y}", "ends_on": f"{TODAY + DAY:%d/%m/%Y}"}
        return {"title_fr": "Les asperges", "slug": "asperges", "question": "product=asparagus", **days, **changes}

    def test_an_agent_adds_one_and_sees_what_it_gives(self, desk, asparagus):
        address = "https://local.example/?q=" + quote("asperges autour de Vendôme")
        response = submit(desk, ADD, **self.fields(question=address, published="on"))
        saved(response)
        one = Selection.objects.get()
        assert one.question == "product=asparagus&place=Vend%C3%B4me"
        shown = page(desk, response.url)
        assert "Une adresse vend des asperges à moins de 10 km de Vendôme" in shown
        assert 'href="/selection/asperges/"' in shown
        assert f'href="/?{one.question}">voir la recherche' in shown

    @pytest.mark.parametrize(
        ("changes", "field", "said"),
        [
            ({"question": "product=asparagu"}, "question", "asparagu"),
            ({"question": "productt=asparagus"}, "question", "productt"),
            ({"question": "place=nulle-part-ailleurs&product=asparagus"}, "question", "nulle-part-ailleurs"),
            ({"question": "https://local.example/"}, "question", "ne demande rien"),
            ({"question": "http://[bad?product=asparagus"}, "question", "mal formée"),
            ({"question": "asperges autour de moi"}, "question", "Autour de moi"),
            ({"question": "text=" + "é" * 200}, "question", "trop longue"),
            ({"ends_on": "01/01/2020"}, "ends_on", "échangez"),
            ({"slug": "à côté"}, "slug", ""),
        ],
    )
    def test_a_mistake_is_told_and_nothing_is_saved(self, desk, changes, field, said):
        errors = errors_of(submit(desk, ADD, **self.fields(**changes)))
        assert list(errors) == [field]
        assert said in " ".join(errors[field])
        assert not Selection.objects.exists()

    def test_its_history_says_what_changed(self, desk):
        one = made()
        path = f"/gestion/directory/selection/{one.pk}/"
        saved(submit(desk, f"{path}change/", title_fr="Asperges de Sologne"))
        history = page(desk, f"{path}history/")
        assert "Asperges de Sologne" in history
        assert "anne" in history

    def test_the_list_says_how_each_stands(self, desk):
        made("avant", ends_on=TODAY - DAY)
        made("brouillon", published=False)
        made("apres", starts_on=TODAY + DAY)
        made("maintenant")
        shown = page(desk, "/gestion/directory/selection/")
        for state in ("terminée", "brouillon", "à venir", "en cours"):
            assert f">{state}</span>" in shown

    def test_one_whose_question_is_gone_says_so(self, desk):
        one = made(question="product=renamed_since")
        assert "ne se comprend plus" in page(desk, f"/gestion/directory/selection/{one.pk}/change/")

    def test_agents_delete_none_and_others_see_none(self, desk, client):
        one = made()
        path = f"/gestion/directory/selection/{one.pk}/"
        assert desk.post(f"{path}delete/", {"post": "yes"}).status_code == 403
        stranger = log_in(User.objects.create_user("sans", is_staff=True))
        for url in (f"{path}change/", ADD, f"{path}history/"):
            assert stranger.get(url).status_code == 403
            assert client.get(url).status_code == 302
        reader = staff_with("view_selection")
        assert reader.get(f"{path}change/").status_code == 200
        assert reader.post(f"{path}change/", {"title_fr": "x"}).status_code == 403
        assert typed_in(desk, ADD)["title_fr"] == [""]


# --- The home page ---------------------------------------------------------------------------------------------------
class TestHome:
    def test_those_of_the_day_the_first_to_end_first(self, client):
        for number in range(4):
            made(f"s{number}", title_fr=f"Choix {number}", ends_on=TODAY + (5 - number) * DAY)
        made("avant", ends_on=TODAY - DAY)
        made("apres", starts_on=TODAY + DAY)
        made("brouillon", published=False)
        found = links(client.get("/").content.decode(), "selections")
        assert found == [(f"Choix {number}", f"/selection/s{number}/") for number in (3, 2, 1)]

    def test_on_its_first_and_last_day(self, client):
        made("un", starts_on=TODAY, ends_on=TODAY)
        assert links(client.get("/").content.decode(), "selections") == [("Les asperges", "/selection/un/")]

    def test_in_english(self, client):
        made(title_en="Asparagus")
        made("sans", ends_on=TODAY + 2 * DAY)
        found = links(client.get("/en/").content.decode(), "selections")
        assert found == [("Asparagus", "/en/selection/asperges/"), ("Les asperges", "/en/selection/sans/")]

    def test_nothing_where_there_is_none(self, client):
        assert "selections" not in client.get("/").content.decode().replace("/selections", "")


# --- Its page --------------------------------------------------------------------------------------------------------
class TestPage:
    def test_its_words_its_answer_and_the_way_to_the_map(self, client, asparagus):
        made(text_fr="Vertes ou blanches,\n\nelles arrivent.")
        shown = page(client)
        assert "<h1>Les asperges</h1>" in shown
        assert "<p>Vertes ou blanches,</p>" in shown
        assert "Maraîcher du Loir" in shown
        assert ("Chercher sur la carte", "/?product=asparagus") in links(
            client.get("/selection/asperges/").content.decode(), "guide"
        )
        assert "Jusqu'au" in shown

    def test_how_it_is_handed_on(self, client, asparagus):
        made(title_en="Asparagus", text_fr="Vertes & blanches")
        shown = client.get("/selection/asperges/").content.decode()
        assert '<meta property="og:title" content="Les asperges">' in shown
        assert re.search(r'property="og:description"\s+content="Vertes &amp; blanches"', shown)
        assert 'property="og:url" content="http://testserver/selection/asperges/"' in shown
        assert re.search(r'hreflang="en"\s+href="http://testserver/en/selection/asperges/"', shown)
        assert 'data-url="http://testserver/selection/asperges/"' in shown
        assert 'name="robots"' not in shown

    def test_markup_in_its_words_is_text(self, client):
        made(title_fr="<script>alert(1)</script>", text_fr="<b>x</b>\"'")
        for path in ("/", "/selection/asperges/"):
            shown = client.get(path).content.decode()
            assert "<script>alert" not in shown
            assert "<b>x" not in shown

    def test_outside_its_dates_it_stays_and_says_so(self, client, asparagus):
        made("avant", starts_on=date(2026, 3, 1), ends_on=date(2026, 5, 15))
        made("apres", starts_on=date(2099, 3, 2), ends_on=date(2099, 5, 15))
        assert "Terminée le 15 mai 2026" in page(client, "/selection/avant/")
        assert "À partir du 2 mars 2099, jusqu'au 15 mai 2099" in page(client, "/selection/apres/")
        assert "Maraîcher du Loir" in page(client, "/selection/avant/")

    def test_one_that_is_not_published_is_not_found(self, client, desk):
        made(published=False)
        for one in (client, desk):
            assert one.get("/selection/asperges/").status_code == 404
        assert client.get("/selection/absente/").status_code == 404

    @pytest.mark.parametrize("question", ["product=renamed_since", "product=honey", ""])
    def test_without_an_answer_it_leads_on(self, client, question):
        made(question=question)
        shown = page(client)
        assert "<h1>Les asperges</h1>" in shown
        assert "Rien n'y répond pour le moment." in shown

    def test_it_lists_a_page_and_leads_to_the_next(self, client):
        for number in range(21):
            point_of_sale(f"Ferme {number}", products=["asparagus"])
        made(question=f"product=asparagus&commune={VENDOME}")
        shown = page(client)
        assert shown.count('class="result"') == 20
        assert f'rel="next" href="/?product=asparagus&commune={VENDOME}&offset=20"' in shown


# --- Elsewhere -------------------------------------------------------------------------------------------------------
def test_the_sitemap_has_those_that_are_real(client):
    assert client.get("/sitemap-selections.xml").status_code == 404
    made("vraie")
    made("inventee", demo=True)
    made("brouillon", published=False)
    content = b"".join(client.get("/sitemap-selections.xml").streaming_content).decode()
    assert re.findall(r"<loc>http://testserver([^<]*)</loc>", content) == ["/selection/vraie/", "/en/selection/vraie/"]
    assert "/sitemap-selections.xml" in client.get("/sitemap.xml").content.decode()


class TestDemonstration:
    @pytest.mark.parametrize("today", [date(2026, 1, 1), date(2026, 6, 15), date(2026, 11, 28), date(2026, 12, 25)])
    def test_one_is_always_on(self, today):
        demonstration.write(today)
        assert Selection.objects.on(today).count() >= 1
        assert all(one.ends_on >= today for one in Selection.objects.all())

    def test_they_can_be_asked_say_so_and_go(self, client):
        demonstration.write()
        for one in Selection.objects.all():
            assert selections.question_of(one, timezone.now())
            shown = page(client, f"/selection/{one.slug}/")
            assert 'content="noindex"' in shown
            assert "demo-banner" in shown
        assert "Démonstration" in page(client, "/")
        real = made()
        removing.remove()
        assert list(Selection.objects.all()) == [real]
        assert not Selection.history.exclude(id=real.pk).exists()
