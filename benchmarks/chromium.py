"""Pages in Chromium on a slow line, nothing kept from before: when the list can be read, when the map answers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

KBIT_S, ROUND_TRIP_MS = 512, 300
WATCH = Path(__file__).resolve().parent / "watch.js"
SAVES_DATA = "Object.defineProperty(navigator, 'connection', {value: {saveData: true}})"


class NoBrowserError(RuntimeError):
    """Why no page can be measured here."""


@dataclass(frozen=True, slots=True)
class Situation:
    """Who reads. `tap` is what asks for the map; None where it comes by itself."""

    title: str
    width: int
    height: int
    tap: str | None = None
    light: bool = False


@dataclass(frozen=True, slots=True)
class Visit:
    """Seconds: the list since the navigation began, the map since then too, or since the tap.

    Bytes with headers. `before_map` is None where the map comes by itself; `with_map` lacks what moving it asks for.
    """

    list_s: float
    map_s: float
    before_map: int | None
    with_map: int


@contextmanager
def browser() -> Iterator[Browser]:
    """Raises NoBrowserError, with the reason, where there is none."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError as error:
        raise NoBrowserError("playwright is not installed (bin/setup --dev)") from error
    with sync_playwright() as started:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        try:
            launched = started.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        except Error as error:
            raise NoBrowserError(str(error).splitlines()[0]) from error
        yield launched
        launched.close()


def visit(browser: Browser, url: str, situation: Situation) -> Visit:
    """One visit, the first."""
    context = browser.new_context(viewport={"width": situation.width, "height": situation.height})
    page = context.new_page()
    page.add_init_script(path=WATCH)
    if situation.light:
        page.add_init_script(SAVES_DATA)
        page.set_extra_http_headers({"Save-Data": "on"})
    line = _slow_line(page)
    page.goto(url, wait_until="commit")
    page.evaluate("benchSeen.until('list')")
    before_map = None
    if situation.tap is not None:
        page.wait_for_load_state("networkidle")
        before_map = line.bytes_of(set(line.received))
        page.evaluate("selector => benchSeen.tap(selector)", situation.tap)
    page.evaluate("benchSeen.until('map')")
    asked = set(line.asked)
    page.evaluate("benchSeen.focus()")
    page.keyboard.press("ArrowRight")
    page.evaluate("benchSeen.until('moved')")
    page.wait_for_load_state("networkidle")
    times: dict[str, float] = page.evaluate("benchSeen.times()")
    context.close()
    map_ms = times["moved"] - times["tapped"]
    return Visit(times["list"] / 1000, map_ms / 1000, before_map, line.bytes_of(asked))


@dataclass(frozen=True, slots=True)
class Line:
    """What went over it: ids of what was asked, and the bytes of each answer."""

    asked: list[str]
    received: dict[str, int]

    def bytes_of(self, asked: set[str]) -> int:
        return sum(size for id_, size in self.received.items() if id_ in asked)


def _slow_line(page: Page) -> Line:
    """Makes the page's line slow, and notes what goes over it."""
    line = Line([], {})
    protocol = page.context.new_cdp_session(page)

    def finished(event: dict[str, Any]) -> None:
        line.received[event["requestId"]] = int(event["encodedDataLength"])

    protocol.on("Network.requestWillBeSent", lambda event: line.asked.append(event["requestId"]))
    protocol.on("Network.loadingFinished", finished)
    protocol.send("Network.enable")
    bytes_s = KBIT_S * 1000 / 8
    slow = {"offline": False, "latency": ROUND_TRIP_MS, "downloadThroughput": bytes_s, "uploadThroughput": bytes_s}
    protocol.send("Network.emulateNetworkConditions", slow)
    return line
