"""Photographs: sent, shown, served while the point of sale is public, and gone with their files."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client
from PIL import Image

from directory.models import Merchant, Photo
from directory.ratelimit import RateLimiter
from maps.editing import photos
from tests.builders import owned_place, owner, point_of_sale
from tests.maps.editing.pictures import jpeg, upload

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
COLOURS = ("#111111", "#333333", "#555555", "#777777", "#999999", "#bbbbbb", "#dddddd")


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


@pytest.fixture
def place():
    return owned_place(name="Ferme des Prés")


@pytest.fixture
def signed_in(client, place):
    client.force_login(place.merchant.owner, backend=BACKEND)
    return client


def path(place, photo=None):
    return f"/mon-commerce/{place.pk}/photos/" + (f"{photo.pk}/" if photo else "")


def send(client, place, content=None, text="L'étal devant la grange", **fields):
    return client.post(path(place), {"do": "add", "text": text, "file": upload(content)} | fields)


def address(photo):
    return f"/photo/{photo.pk}-{Path(photo.file.name).stem}.jpg"


def sheet(client, place, **headers):
    return client.get(f"/m/{place.merchant_id}-ferme-des-pres/", headers=headers)


def test_a_photograph_is_sent_and_served(signed_in, place, folder):
    assert send(signed_in, place).status_code == 302
    photo = place.photos.get()
    assert photo.history.first().history_user == place.merchant.owner
    served = Client().get(address(photo))
    assert (served.status_code, served["Content-Type"]) == (200, "image/jpeg")
    assert len(served.content) == photo.size <= 60_000
    assert not Image.open(BytesIO(served.content)).getexif()
    assert served["Cache-Control"] == "public, max-age=300"
    assert served["X-Content-Type-Options"] == "nosniff"
    assert served["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert "Cookie" not in served.get("Vary", "")
    assert Client().get(address(photo), headers={"If-None-Match": served["ETag"]}).status_code == 304
    assert [one.name for one in (folder / "photos").iterdir()] == [Path(photo.file.name).name]


def test_it_is_on_the_sheet_but_not_in_light_mode(signed_in, place):
    send(signed_in, place, text='Un étal <b>"en bois"</b>')
    photo = place.photos.get()
    page = sheet(Client(), place)
    said = " ".join(page.content.decode().split())
    assert f'<noscript> <img src="{address(photo)}" alt="Un étal &lt;b&gt;&quot;en bois&quot;&lt;/b&gt;" width=' in said
    assert f'width="{photo.width}" height="{photo.height}" loading="lazy"' in said
    assert f'"image":["http://testserver{address(photo)}"]' in said
    assert "Save-Data" in page["Vary"]
    light = sheet(Client(), place, save_data="on").content.decode()
    assert "<noscript" not in light
    assert f"Voir la photo ({round(photo.size / 1000)} ko)" in light


def test_a_sheet_without_photographs_loads_nothing_for_them(client, place):
    page = sheet(client, place)
    assert "photos.js" not in page.content.decode()
    assert "Save-Data" not in page["Vary"]


def test_it_is_served_to_its_owner_alone_while_the_entry_is_not_public(signed_in, place):
    send(signed_in, place)
    photo = place.photos.get()
    place.status = place.Status.HIDDEN
    place.save()
    stranger = Client()
    assert stranger.get(address(photo)).status_code == 404
    stranger.force_login(owner("autre@example.org"), backend=BACKEND)
    assert stranger.get(address(photo)).status_code == 404
    mine = signed_in.get(address(photo))
    assert (mine.status_code, mine["Cache-Control"]) == (200, "private, no-store")


def test_no_other_file_is_served(signed_in, place, folder):
    send(signed_in, place)
    photo = place.photos.get()
    (folder / "secret.jpg").write_text("secret")
    for wrong in (f"/photo/{photo.pk}-{'0' * 32}.jpg", "/photo/../secret.jpg", f"/photo/{photo.pk}-../secret.jpg",
                  f"/photo/{photo.pk}-%2e%2e%2fsecret.jpg", "/photo/secret.jpg", "/media/secret.jpg"):  # fmt: skip
        assert signed_in.get(wrong).status_code == 404, wrong
    photo.file.storage.delete(photo.file.name)
    assert signed_in.get(address(photo)).status_code == 404


def test_a_double_tap_adds_one(signed_in, place, folder):
    content = jpeg()
    for _ in range(2):
        assert send(signed_in, place, content).status_code == 302
    assert place.photos.count() == 1
    assert len(list((folder / "photos").iterdir())) == 1


def test_six_are_the_most(signed_in, place):
    for colour in COLOURS[:6]:
        send(signed_in, place, jpeg(colour))
    page = send(signed_in, place, jpeg(COLOURS[6]))
    assert page.status_code == 422
    assert place.photos.count() == 6


def test_order_change_and_removal(signed_in, place, folder, django_capture_on_commit_callbacks):
    for colour in COLOURS[:3]:
        send(signed_in, place, jpeg(colour), text=colour)
    first, second, third = place.photos.all()
    signed_in.post(path(place), {"do": "forward", "photo": third.pk})
    assert [photo.text for photo in place.photos.all()] == [first.text, third.text, second.text]
    with django_capture_on_commit_callbacks(execute=True):
        signed_in.post(path(place, second), {"text": "Le champ", "file": upload(jpeg("#ffffff"))})
    changed = Photo.objects.get(pk=second.pk)
    assert (changed.text, changed.file.name == second.file.name) == ("Le champ", False)
    assert not (folder / second.file.name).exists()
    assert (folder / changed.file.name).exists()
    signed_in.post(path(place, second), {"text": "Le champ de blé"})
    assert Photo.objects.get(pk=second.pk).file.name == changed.file.name
    with django_capture_on_commit_callbacks(execute=True):
        signed_in.post(path(place), {"do": "remove", "photo": second.pk})
    assert not (folder / changed.file.name).exists()
    assert place.photos.count() == 2


def test_a_file_stays_while_its_removal_may_be_undone(signed_in, place, folder):
    send(signed_in, place)
    name = place.photos.get().file.name
    signed_in.post(path(place), {"do": "remove", "photo": place.photos.get().pk})
    assert (folder / name).exists(), "the transaction is not final"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no picture at all", "pas une photo que nous savons lire"),
        (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40, "HEIC"),
        (b"", "vide"),
        (jpeg(size=(2000, 100)), "trop petite"),
    ],
)
def test_what_is_no_photograph_is_said_with_the_remedy(signed_in, place, content, said):
    page = send(signed_in, place, content)
    assert page.status_code == 422
    assert said in page.content.decode()
    assert "L&#x27;étal devant la grange" in page.content.decode()
    assert place.photos.count() == 0


def test_words_are_asked_for(signed_in, place):
    page = send(signed_in, place, text="  ")
    assert page.status_code == 422
    assert "Décrivez la photo en une phrase" in page.content.decode()


@pytest.mark.parametrize("order", [("text", "do", "file"), ("file", "text", "do")])
def test_what_is_too_much_is_not_kept_but_what_was_typed_is(signed_in, place, monkeypatch, order):
    monkeypatch.setattr("maps.editing.photos.PhotoHandler.most_bytes", 5_000)
    fields = {"text": "L'étal devant la grange", "do": "add", "file": upload()}
    page = signed_in.post(path(place), {name: fields[name] for name in order})
    assert page.status_code == 422
    assert page.context["form"].errors == {"file": ["Cette photo dépasse 15 Mo. Envoyez-la plus petite."]}
    assert "L&#x27;étal devant la grange" in page.content.decode()
    assert place.photos.count() == 0


def test_another_that_is_too_much_does_not_pass_for_none(signed_in, place, monkeypatch):
    send(signed_in, place)
    photo = place.photos.get()
    monkeypatch.setattr("maps.editing.photos.PhotoHandler.most_bytes", 5_000)
    page = signed_in.post(path(place, photo), {"text": "Le champ", "file": upload(jpeg("#ffffff"))})
    assert (page.status_code, "dépasse 15 Mo" in page.content.decode()) == (422, True)
    assert Photo.objects.get(pk=photo.pk).text != "Le champ"


def test_one_account_sends_so_many_in_an_hour(signed_in, place, monkeypatch):
    monkeypatch.setattr(photos, "sending", RateLimiter(rate=1 / 3600, burst=2))
    for colour in COLOURS[:3]:
        page = send(signed_in, place, jpeg(colour))
    assert page.status_code == 422
    assert "Attendez une heure" in page.content.decode()
    assert place.photos.count() == 2
    signed_in.force_login(other := owner("autre@example.org"), backend=BACKEND)
    elsewhere = point_of_sale("Autre")
    Merchant.objects.filter(pk=elsewhere.merchant_id).update(owner=other)
    assert send(signed_in, elsewhere).status_code == 302


def test_forms_are_checked_though_they_are_read_late(place):
    client = Client(enforce_csrf_checks=True)
    client.force_login(place.merchant.owner, backend=BACKEND)
    assert send(client, place).status_code == 403
    assert place.photos.count() == 0


def test_anothers_photograph_is_not_found(signed_in, place):
    other = point_of_sale("Autre")
    photo = Photo.objects.create(point_of_sale=other, file="photos/x.jpg", text="x", width=1, height=1, size=1)
    assert signed_in.get(path(place, photo)).status_code == 404
    for what in ("remove", "forward"):
        assert signed_in.post(path(place), {"do": what, "photo": photo.pk}).status_code == 404
    assert Photo.objects.filter(pk=photo.pk).exists()
