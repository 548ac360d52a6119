"""An address -> one position, or one typed failure. What is believed, and what is done instead, is decided here.

The chain: the address service (or what it answered before), then the commune's centre from the gazetteer. An outage
never loses an address whose commune is known: its centre is given, marked `degraded`, for the caller to try again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from django.conf import settings
from django.utils import timezone

from geo.commune_match import CommuneEntry
from geo.gazetteer import Gazetteer, Place, gazetteer
from geo.geocoding import cache
from geo.geocoding.cache import Answer
from geo.geocoding.errors import Ambiguous, GeocodingError, NotFound, OutsideRegion, ProviderUnavailable
from geo.geocoding.lookup import LookupsOff, look_up
from geo.geocoding.parsing import Candidate, Precision
from geo.geocoding.providers import Query
from geo.geocoding.scope import Address, Scope, scope_of
from geo.points import Position

if TYPE_CHECKING:
    from collections.abc import Iterator

# Measured on addok 1.3.2 with 100 real addresses of the région: each asked for as written, in capitals with
# abbreviations, with one or two typos, with a complement, a first name or a number unknown there; and asked for in a
# town that has fifty other streets but not this one. The street alone, filtered by commune: 0.55 keeps 94 % of the
# right ones (0.60: 89 %) and lets 1.3 % of the wrong ones pass (0.50: 1.5 %).
MIN_SCORE_IN_COMMUNE = 0.55
# With the town in the text, that part fits in any case: a wrong street of the right town reaches 0.63, a right one with
# a typo has 0.74 or more.
MIN_SCORE = 0.70
# Measured again with the addresses of 274 town halls, most of them in streets called like fifty others, written in six
# ways (benchmarks/addok): in the commune 0.55 keeps 99.4 % of them (0.60: 99.1 %, 0.65: 97.7 %, 0.70: 94.2 %), none in
# another place. But asked for in a commune of fifty streets that lacks theirs, 19 % find one of a like name ("Place de
# la Métairie" for "Place de la Mairie"; 0.60: 9 %, 0.65: 3 %, 0.70: 1 %). And a slip may make another street of the
# commune of one: of 32,800 addresses with a slip (1,641 town halls, two ways, seeds 1 to 10) three were over 2 km off
# at 0.73 to 0.77, "3 rue du Coâteau", for Château, in the Rue du Coteau. Hence below this score a pin is not sure: it
# is shown, as it is mostly right, and somebody looks at it: at every second address with a slip, and at none without.
SURE_SCORE = 0.80
# A tenth of addok's score is the street's importance, which says nothing of the words: 0.05 is a difference of half
# the scale of importance between two streets of the same name.
SAME_SCORE = 0.05

Note = Literal[
    "", "no_street", "lookups_off", "provider_away", "stale", "nothing_found", "other_commune", "below_threshold"
]


@dataclass(frozen=True, slots=True)
class Resolution:
    """Where an address is. `source` is the provider of the settings ("ban") or "gazetteer".

    `note` says why it is not simply the provider's answer of today: the commune's centre because there is no street
    (`no_street`), nothing was found, only in another commune or below the threshold, look-ups are off or the provider
    is away; or an old answer (`stale`). `degraded`: only an outage stood in the way, try again later.
    """

    position: Position
    precision: Precision
    score: float
    source: str
    label: str
    type: str
    commune: str
    resolved_at: datetime
    degraded: bool = False
    note: Note = ""


@dataclass(frozen=True, slots=True)
class Candidates:
    """What there is to choose from, best first. `degraded`: the provider was not asked, or did not answer."""

    items: tuple[Candidate, ...]
    degraded: bool

    def __iter__(self) -> Iterator[Candidate]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


def resolve(address: Address, *, wants_service: bool = False) -> Resolution:
    """The position of an address. Raises NotFound, Ambiguous, OutsideRegion or ProviderUnavailable.

    `wants_service`: an outage raises ProviderUnavailable where the commune is known too, for who can wait.
    """
    places = gazetteer()
    scope = scope_of(places, address)
    queries = scope.queries()
    if not queries:
        return _centre(scope, "no_street")
    try:
        answers = _ask(queries)
    except LookupsOff:
        return _centre(scope, "lookups_off")
    except ProviderUnavailable:
        if wants_service or scope.commune is None:
            raise
        return _centre(scope, "provider_away", degraded=True)
    return _choose(places, scope, answers)


def _ask(queries: list[Query]) -> list[Answer]:
    """The answers to the queries, up to the first that has something."""
    answers = []
    for query in queries:
        answers.append(look_up(query))
        if answers[-1].candidates:
            break
    return answers


def _choose(places: Gazetteer, scope: Scope, answers: list[Answer]) -> Resolution:
    """The best candidate that the scope and the threshold allow; else the commune's centre."""
    answer = answers[-1]
    filtered = scope.commune is not None and len(answers) == 1
    threshold = MIN_SCORE_IN_COMMUNE if filtered else MIN_SCORE
    good = [candidate for candidate in answer.candidates if candidate.score >= threshold]
    inside = [(candidate, entry) for candidate in good if (entry := scope.entry_of(places, candidate)) is not None]
    if not inside:
        return _without_candidate(places, scope, answer, good)
    # A street that is good enough is worth more than a commune that fits better.
    inside.sort(key=lambda pair: (pair[0].precision == "commune", -pair[0].score))
    best, entry = inside[0]
    rivals = [
        (candidate, other)
        for candidate, other in inside
        if candidate.precision == best.precision and best.score - candidate.score <= SAME_SCORE
    ]
    if len({other.code for _, other in rivals}) > 1:
        raise Ambiguous("several communes have this address", candidates=tuple(candidate for candidate, _ in rivals))
    if best.precision == "commune":
        return _centre(replace(scope, communes=(entry,), match_score=best.score), "nothing_found")
    return Resolution(
        position=best.position,
        precision=best.precision,
        score=best.score,
        source=best.source,
        label=best.label,
        type=best.type,
        commune=entry.code,
        resolved_at=answer.fetched_at,
        note="stale" if answer.stale else "",
    )


def _without_candidate(places: Gazetteer, scope: Scope, answer: Answer, good: list[Candidate]) -> Resolution:
    if not scope.communes and good and not any(_is_in_region(places, candidate) for candidate in good):
        raise OutsideRegion(f"{good[0].label}: not in the région")
    note: Note = "other_commune" if good else "below_threshold" if answer.candidates else "nothing_found"
    return _centre(scope, note)


def _is_in_region(places: Gazetteer, candidate: Candidate) -> bool:
    return places.commune(candidate.citycode) is not None


def _centre(scope: Scope, note: Note, *, degraded: bool = False) -> Resolution:
    """The commune's centre. Raises Ambiguous between several communes, NotFound without any."""
    entry = scope.commune
    if entry is None and scope.communes:
        raise Ambiguous(f"{scope.name}: which commune?", labels=tuple(_label(each) for each in scope.communes))
    if entry is None:
        raise NotFound("nothing fits this address, and it names no commune of the région")
    return Resolution(
        position=entry.position,
        precision="commune",
        score=round(scope.match_score, 2),
        source="gazetteer",
        label=_label(entry),
        type="municipality",
        commune=entry.code,
        resolved_at=timezone.now(),
        degraded=degraded,
        note=note,
    )


def _label(entry: CommuneEntry) -> str:
    return f"{entry.name} ({entry.departement})"


def candidates(text: str, postcode: str = "", commune: str = "") -> Candidates:
    """Candidates for an address, at most ten, in the commune (INSEE code or name) and postcode when given.

    Never raises for an outage: the communes that the text names are then all there is.
    """
    places = gazetteer()
    is_code = places.commune(commune.strip().upper()) is not None
    address = Address(text, postcode, commune if is_code else "", "" if is_code else commune)
    try:
        scope = scope_of(places, address)
    except GeocodingError:
        return Candidates((), degraded=False)
    try:
        answers = _ask(scope.queries())
    except (LookupsOff, ProviderUnavailable):
        return Candidates(_communes(places, scope, text), degraded=True)
    found = [candidate for answer in answers for candidate in answer.candidates]
    if scope.communes:
        found = [candidate for candidate in found if scope.entry_of(places, candidate) is not None]
    return Candidates(tuple(found) or _communes(places, scope, text), degraded=False)


def _communes(places: Gazetteer, scope: Scope, text: str) -> tuple[Candidate, ...]:
    entries = [(entry, scope.match_score) for entry in scope.communes]
    if not entries:
        found = places.find(text)
        entries = [(entry, p.score) for p in found if p.kind == "commune" and (entry := places.commune(p.code))]
    return tuple(
        Candidate(
            label=_label(entry),
            position=entry.position,
            precision="commune",
            score=score,
            source="gazetteer",
            type="municipality",
            city=entry.name,
            citycode=entry.code,
            postcode=next(iter(entry.postcodes), ""),
        )
        for entry, score in entries[:10]
    )


def known_places(text: str) -> list[Place]:
    """Addresses that were geocoded before, for a text on one line. Never calls the network."""
    places = gazetteer()
    try:
        scope = scope_of(places, Address(text))
    except GeocodingError:
        return []
    known = [cache.read(settings.GEOCODER["provider"], query) for query in scope.queries()[:1]]
    good = [c for answer in known if answer for c in answer.candidates if c.score >= MIN_SCORE_IN_COMMUNE]
    located = [(candidate, scope.entry_of(places, candidate)) for candidate in good if candidate.precision != "commune"]
    return [Place("address", "", c.label, c.position, entry.departement, c.score) for c, entry in located if entry]
