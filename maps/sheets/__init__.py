"""A merchant's sheet: every published point of sale, in words, from what is public only.

- `building`: what the page shows. `provenance`: where each part of it comes from.
- `opening`, `rules`: hours in words. `locator`: where it is, drawn.
- `structured`: the same for search engines. `moved`: where a sheet that is gone leads.
"""

from maps.sheets.building import Sheet, sheet
from maps.sheets.moved import gone, merged_into
from maps.sheets.structured import linked_data

__all__ = ["Sheet", "gone", "linked_data", "merged_into", "sheet"]
