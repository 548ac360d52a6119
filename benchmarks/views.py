"""Views of a map: seeded, over towns and countryside, each with what is asked in it."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.conf import settings

from benchmarks.stream import SHAPES, stream
from directory.clusters.totals import totals
from directory.questions import On, Question
from directory.vocabulary import vocabulary
from geo.gazetteer import gazetteer
from geo.grid import MICRO, Box
from geo.points import Bbox, Position

WIDTH, HEIGHT, TILE = 1440, 900, 256  # pixels
ZOOMS = range(7, 19)
OF_THE_REGION = 8  # the zoom at which a map of this size shows all of it
LARGE_TOWNS = 20
ASTRAY = 0.03  # degrees from the middle of a commune
TERMS = 4  # of each kind
NOTHING = "nothing else"
HERE = "the département"
KINDS = (NOTHING, "a frequent product", "a rare product", "an activity", "a label", HERE)
SUNDAY_MORNING = On(7, "morning")
ANYWHERE = next(shape for shape in SHAPES if shape.key == "no_centre")


@dataclass(frozen=True, slots=True)
class View:
    """What a map shows, and the question whose clusters it wants. `kind` says what is asked beside the box."""

    zoom: int
    kind: str
    question: Question

    @property
    def bbox(self) -> Bbox:
        if self.question.bbox is None:
            raise ValueError("a view has a box")
        return self.question.bbox

    @property
    def path(self) -> str:
        """The service's address of its clusters, the box with the half micro-degrees of a snapped one."""
        box = ",".join(f"{edge:.7f}" for edge in edges(self.bbox))
        asked = [pair for pair in self.question.parameters() if pair[0] != "bbox"]
        return f"/api/v1/clusters/?{urlencode([*asked, ('bbox', box), ('zoom', str(self.zoom))], safe=',')}"


@dataclass(frozen=True, slots=True)
class Measured:
    """A view, the median of its times in milliseconds, and what was in it."""

    view: View
    ms: float
    points: int
    clusters: int


def views(each: int, seed: int) -> list[View]:
    """So many of each zoom, in no order: kinds take turns, large towns and the countryside too."""
    chance = random.Random(f"views {seed}")
    towns, country = gazetteer().entries[:LARGE_TOWNS], gazetteer().entries[LARGE_TOWNS:]
    terms = _terms(chance)
    drawn = []
    for zoom in ZOOMS:
        for number in range(each):
            round_, at = divmod(number, len(KINDS))
            commune = chance.choice(towns if (round_ + at) % 2 else country)
            lon, lat = (axis + chance.uniform(-ASTRAY, ASTRAY) for axis in (commune.position.lon, commune.position.lat))
            middle, here = Position(lon, lat), Question(departements=(commune.departement,))
            question = here if KINDS[at] == HERE else chance.choice(terms[KINDS[at]])
            drawn.append(View(zoom, KINDS[at], replace(question, bbox=seen(middle, zoom))))
    chance.shuffle(drawn)
    return drawn


def on_grid(views: Iterable[View]) -> list[View]:
    """The same as a map asks for them: snapped outward to its grid."""
    return [replace(view, question=replace(view.question, bbox=snapped(view.bbox, view.zoom))) for view in views]


def whole_region(count: int, seed: int) -> list[View]:
    """All of the région, several filters at once, as entries have them; `count` of each kind."""
    whole = Bbox(*settings.REGION["bbox"])
    middle = Position((whole.west + whole.east) / 2, (whole.south + whole.north) / 2)
    box = snapped(seen(middle, OF_THE_REGION), OF_THE_REGION)
    terms, departements = _terms(random.Random(f"région {seed}")), sorted(gazetteer().departements)
    views = []
    for number, asked in enumerate(stream(ANYWHERE, count, seed)):
        both = replace(asked.question, bbox=box)
        departement = departements[number % len(departements)]
        labels = terms["a label"][number % TERMS].labels
        product = replace(both, activities=())
        questions = {
            "an activity and a product": both,
            "… in a département": replace(both, departements=(departement,)),
            "a product and a label": replace(product, labels=labels),
            "a product, open on Sunday morning": replace(product, opening=SUNDAY_MORNING),
        }
        views += [View(OF_THE_REGION, kind, question) for kind, question in questions.items()]
    return views


def _terms(chance: random.Random) -> Mapping[str, list[Question]]:
    """Questions of one thing, by kind. Frequent products are of the first tenth, rare ones of the last third."""
    held = totals()
    products, activities, labels = (
        sorted((term for term in vocabulary().of(name) if term.id in held), key=lambda term: (-held[term.id], term.id))
        for name in ("product", "activity", "label")
    )
    frequent, rare = products[: len(products) // 10], products[-len(products) // 3 :]
    return {
        NOTHING: [Question()],
        "a frequent product": [Question(products=(term.code,)) for term in chance.sample(frequent, TERMS)],
        "a rare product": [Question(products=(term.code,)) for term in chance.sample(rare, TERMS)],
        "an activity": [Question(activities=(term.code,)) for term in chance.sample(activities, TERMS)],
        "a label": [Question(labels=(term.code,)) for term in chance.sample(labels, TERMS)],
    }


def seen(middle: Position, zoom: int) -> Bbox:
    """What a map of WIDTH by HEIGHT pixels shows, in the projection of the web."""
    world = TILE * 2**zoom
    turned = math.log(math.tan(math.pi / 4 + math.radians(middle.lat) / 2))
    south, north = (math.degrees(math.atan(math.sinh(turned + sign * math.pi * HEIGHT / world))) for sign in (-1, 1))
    reach = 180 * WIDTH / world
    return Bbox(middle.lon - reach, south, middle.lon + reach, north)


def snapped(bbox: Bbox, zoom: int) -> Bbox:
    """The box of the cells that it touches, its edges half a micro-degree before a cell's, where no point lies."""
    ground = Box.of(bbox).cells_touched(zoom).ground(zoom)
    west, south = ((edge - 0.5) / MICRO for edge in (ground.west, ground.south))
    east, north = ((edge + 0.5) / MICRO for edge in (ground.east, ground.north))
    return Bbox(west, south, east, north)


def edges(bbox: Bbox) -> tuple[float, float, float, float]:
    return bbox.west, bbox.south, bbox.east, bbox.north
