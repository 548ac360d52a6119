"""The map, built with folium on self-hosted assets: its script is an ES module that is served as a file.

folium's own page brings jQuery, Bootstrap and 14 files of other hosts, and writes its script inline. Here the figure is
a module: no asset but Leaflet's, which the page loads from our static files, and nothing of a merchant passes through
a template: data come as GeoJSON and enter the page as text nodes (static/maps/js).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import folium
from branca.element import Element, Figure
from folium.map import CustomPane, FitBounds
from folium.template import Template

from directory.vocabulary import vocabulary
from geo.revisions import refreshed
from maps.outlines import region_bounds

MIN_ZOOM = 7
MAX_ZOOM = 16  # our outlines say nothing finer
COMMUNES_FROM_ZOOM = 10
# Degrees around the région that one may still look at.
SURROUNDINGS = 1.0
# A ladder of our own between Leaflet's tiles (200) and its overlays (400), under its markers (600).
PANES = {"land": 250, "borders": 260, "reach": 300, "names": 350}


class ModuleFigure(Figure):
    """A figure rendered as a module: `makeMap` draws the map in an element, `families` says whose pin is which."""

    _template = Template(
        """// Made by folium. The page's own modules fill this map: see static/maps/js/map.js.
export const families = {{ this.families|tojson }};
export const communesFromZoom = {{ this.communes_from_zoom }};

export function makeMap(container, preferences) {
  const L = globalThis.L;
{{ this.script.render(**kwargs) }}
  return map;
}
"""
    )

    def __init__(self, families: dict[str, list[str]], communes_from_zoom: int):
        super().__init__()
        self.families = families
        self.communes_from_zoom = communes_from_zoom


class RegionMap(folium.Map):
    """folium's map without its assets, tiles or page: the same bytes for the same région."""

    default_js: list[tuple[str, str]] = []
    default_css: list[tuple[str, str]] = []
    _template = Template(
        """
{% macro script(this, kwargs) %}
  const map = L.map(container, {
    center: {{ this.location|tojson }},
    crs: L.CRS.{{ this.crs }},
    ...{{ this.options|tojavascript }},
    ...preferences,
  });
{% endmacro %}"""
    )

    def __init__(self, bounds: tuple[float, float, float, float]):
        west, south, east, north = bounds
        super().__init__(
            location=[(south + north) / 2, (west + east) / 2],
            tiles=None,
            zoom_start=8,
            zoom_control=False,  # the page adds one that speaks its language
            attributionControl=False,  # credits stand in the page, under the map
        )
        # With no tiles folium leaves these out, and Leaflet then throws "Map has no maxZoom".
        self.options |= {"minZoom": MIN_ZOOM, "maxZoom": MAX_ZOOM, "maxBoundsViscosity": 0.8}
        self.options["boxZoom"] = False  # the page has no style for its box: one would not see what one draws
        self.options["maxBounds"] = [
            [south - SURROUNDINGS, west - SURROUNDINGS],
            [north + SURROUNDINGS, east + SURROUNDINGS],
        ]
        for name, z_index in PANES.items():
            pane = CustomPane(name, z_index=z_index)
            pane._id = name  # folium's is random: another file for every process
            self.add_child(pane)
        fit = FitBounds([[south, west], [north, east]])
        fit.options["animate"] = False  # while Leaflet glides, it ignores the next fit: that of the answer
        self.add_child(fit)

    def get_name(self) -> str:
        return "map"


@dataclass(frozen=True)
class MapScript:
    """The module's bytes; `version` is theirs, so that a browser keeps them for ever."""

    version: str
    content: bytes


def rendered(figure: Figure, element: Element) -> MapScript:
    """The module that a figure makes of a map, or of what is added to one."""
    figure.add_child(element)
    element.render()
    content = figure._template.render(this=figure, kwargs={}).encode()
    return MapScript(hashlib.blake2b(content, digest_size=6).hexdigest(), content)


@refreshed("vocabulary")
def map_script() -> MapScript:
    """The process's copy: the région's map, and the family of every activity as the vocabulary has it now."""
    return rendered(ModuleFigure(families(), COMMUNES_FROM_ZOOM), RegionMap(region_bounds()))


def families() -> dict[str, list[str]]:
    """The activities under each top of the tree, itself first."""
    words: Any = vocabulary()
    found: dict[str, list[str]] = {}
    for term in words.of("activity"):
        found.setdefault(words.by_id[term.path[-1]].code, []).append(term.code)
    return found
