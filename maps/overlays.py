"""The coverage overlay, through folium: the panes of a choropleth and what its classes are filled with, as a module.

It is apart from the map's own module: the search page loads it when a person asks for the layer, and only then.
"""

from __future__ import annotations

from functools import cache

from branca.element import Figure, MacroElement
from folium.map import CustomPane
from folium.template import Template

from geo.coverage.steps import MAPPED, UNKNOWN, steps
from maps.folium_map import MapScript, rendered

# Over the land and its borders (maps/folium_map.py), under circles, names and marks.
PANES = {"coverage": 270, "coverageLines": 280}


class OverlayFigure(Figure):
    """A module that adds the choropleth's panes to a map; `fills` are its classes', the widest gap first."""

    _template = Template(
        """// Made by folium. See static/maps/js/coverage.js.
export const fills = {{ this.fills|tojson }};
export const unknown = {{ this.unknown|tojson }};

export function addPanes(map) {
{{ this.script.render(**kwargs) }}
}
"""
    )

    def __init__(self, classes: int):
        super().__init__()
        self.fills = [fill(str(number)) for number in range(classes)]
        self.unknown = fill(UNKNOWN)


class OverlayPanes(MacroElement):
    """Stands for the map, to which folium's panes add themselves."""

    _template = Template("")

    def __init__(self) -> None:
        super().__init__()
        for name, z_index in PANES.items():
            pane = CustomPane(name, z_index=z_index)
            pane._id = name  # folium's is random: another file for every process
            self.add_child(pane)

    def get_name(self) -> str:
        return "map"


def fill(key: str) -> str:
    """The pattern of a class, as an SVG fill (templates/maps/_gap_patterns.html)."""
    return f"url(#gap-{key})"


@cache
def overlay_script() -> MapScript:
    return rendered(OverlayFigure(len(steps(MAPPED[0]))), OverlayPanes())
