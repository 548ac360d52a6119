"""What the tests of the admin share: who is at the desk, and how a page is read and sent back."""

from __future__ import annotations

from html import unescape
from html.parser import HTMLParser
from typing import Any

from django.contrib.auth.models import Permission, User
from django.test import Client

from directory.models import (
    PointOfSale,
)
from geo.points import Position

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
