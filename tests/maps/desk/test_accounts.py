"""The door of the desk."""

from __future__ import annotations

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.test import Client
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from tests.maps.admin_desk import log_in
from tests.maps.desk.conftest import official

pytestmark = pytest.mark.django_db
DOOR = "/agents/connexion/"
PASSWORD = "un mot de passe de test"


def sign_in(client: Client, username: str, password: str = PASSWORD, next_: str = ""):  # type: ignore[no-untyped-def]
    return client.post(DOOR, {"username": username, "password": password, "next": next_})


class TestSigningIn:
    @pytest.fixture(autouse=True)
    def _people(self):
        official("odile@example.org", "41", password=PASSWORD)

    def test_the_door_is_open_in_both_languages(self, client):
        page = client.get(DOOR)
        assert page.status_code == 200
        assert "no-store" in page["Cache-Control"]
        assert client.get("/en/agents/connexion/").status_code == 200

    def test_one_who_signs_in_comes_to_the_desk(self, client):
        assert sign_in(client, "Odile@example.org ").url == "/agents/"
        assert client.get("/agents/").url == "/agents/departement/41/"

    def test_or_to_the_page_that_was_asked_for(self, client):
        asked = client.get("/agents/departement/41/?state=contacted")
        assert asked.status_code == 302
        assert asked.url == f"{DOOR}?next=/agents/departement/41/%3Fstate%3Dcontacted"
        assert sign_in(client, "odile@example.org", next_="/agents/departement/41/?state=contacted").url == (
            "/agents/departement/41/?state=contacted"
        )

    @pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "javascript:alert(1)", "/\\x.org"])
    def test_never_to_another_host(self, client, elsewhere):
        assert sign_in(client, "odile@example.org", next_=elsewhere).url == "/agents/"

    def test_a_refusal_does_not_say_what_was_wrong(self, client):
        official("closed@example.org", "41", password=PASSWORD, is_active=False)
        pages = [
            sign_in(client, "odile@example.org", "wrong"),
            sign_in(client, "nobody@example.org", "wrong"),
            sign_in(client, "closed@example.org"),
        ]
        errors = {tuple(page.context["form"].non_field_errors()) for page in pages}
        assert len(errors) == 1

    def test_after_ten_wrong_passwords_the_right_one_is_refused(self, client):
        for _ in range(10):
            last = sign_in(client, "odile@example.org", "wrong")
        assert last.status_code == 429
        assert "Connexion bloquée" in last.content.decode()
        assert sign_in(client, "odile@example.org").status_code == 429

    def test_a_form_of_another_site_is_refused(self):
        client = Client(enforce_csrf_checks=True)
        assert sign_in(client, "odile@example.org").status_code == 403


class TestSigningOut:
    def test_by_a_form_alone(self, desk):
        assert desk.get("/agents/deconnexion/").status_code == 405
        assert desk.post("/agents/deconnexion/").url == DOOR
        assert desk.get("/agents/").url.startswith(DOOR)


class TestPassword:
    def test_is_changed(self, client):
        user = official("odile", "41", password=PASSWORD)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        new = "un autre mot de passe"
        data = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
        assert client.post("/agents/mot-de-passe/", data).url == "/agents/"
        user.refresh_from_db()
        assert user.check_password(new)
        assert user.password.startswith("argon2")

    def test_is_asked_of_who_signed_in_alone(self, client):
        assert client.get("/agents/mot-de-passe/").url.startswith(DOOR)

    def test_a_link_sets_it_once(self, client):
        user = official("odile", "41")
        token = default_token_generator.make_token(user)
        link = f"/agents/mot-de-passe/{urlsafe_base64_encode(force_bytes(user.pk))}/{token}/"
        page = client.get(link, follow=True)
        form = page.redirect_chain[-1][0]
        assert page.status_code == 200
        data = {"new_password1": PASSWORD, "new_password2": PASSWORD}
        assert client.post(form, data).url == "/agents/"
        assert client.get("/agents/").url == "/agents/departement/41/"
        again = Client().get(link)
        assert again.status_code == 200
        assert "déjà servi" in again.content.decode()


class TestDesks:
    def test_the_choice_of_one_who_has_two(self):
        page = log_in(official("deux", "41", "18")).get("/agents/").content.decode()
        assert "/agents/departement/41/" in page
        assert "/agents/departement/18/" in page
        assert "/agents/departement/37/" not in page

    def test_one_without_any_is_told_whom_to_ask(self):
        page = log_in(official("sans")).get("/agents/")
        assert page.status_code == 200
        assert "mailto:" in page.content.decode()

    def test_an_account_that_was_closed_is_nobody(self, odile, desk):
        odile.is_active = False
        odile.save()
        assert desk.get("/agents/").url.startswith(DOOR)
