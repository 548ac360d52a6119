"""Three-way: what the source said last time, what it says now, what stands here.

A field is written when what stands here is what the source said last; when it differs, a person edited it, and it is
kept. Nothing is written here: a `Revision` says what would be.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from directory.importing.candidates import Candidate, Placed
from directory.importing.known import Present, hold_of
from directory.importing.report import Change
from directory.models import PointOfSale
from directory.pinning import may_move

Precision = PointOfSale.Precision
Review = PointOfSale.Review
Status = PointOfSale.Status
PERSON = Review.NATURAL_PERSON.value
GAZETTEER = "gazetteer"
# In the order of the diff.
MERGED = (
    "name", "siret", "kind", "street", "postcode", "commune", "activities", "products", "phone", "email", "website",
    "opening_hours",
)  # fmt: skip
OF_MERCHANT = frozenset({"phone", "email", "website"})
ADDRESS = frozenset({"street", "postcode", "commune"})
EMPTY: tuple[object, ...] = ("", None, [])


class Verdict(Enum):
    NOTHING = auto()
    WRITE = auto()
    KEEP = auto()


@dataclass(slots=True)
class Revision:
    """What a row changes in a point of sale that is there: `values` by field; the record is written in any case.

    `pin` is the new pin, `reviews` and `status` the new ones (None: as they are), `withdrawn` whether it stops being
    published. `record` is the record's id, None when this source did not know the place.
    """

    candidate: Candidate
    present: Present
    record: int | None
    values: dict[str, Any] = field(default_factory=dict)
    pin: Placed | None = None
    reviews: list[str] | None = None
    status: str | None = None
    natural_person: bool | None = None
    siren: str | None = None
    changes: list[Change] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    @property
    def hold(self) -> str:
        """The review for which the entry waits once this is written."""
        place = self.present.place
        return hold_of(self.status or place.status, place.reviews if self.reviews is None else self.reviews)

    def write(self, name: str, value: object) -> None:
        after = self.candidate.commune_shown if name == "commune" else shown(value)
        self.changes.append(Change(name, shown(self.present.fields[name]), after))
        self.values[name] = value


def shown(value: object) -> str:
    """A value as a diff shows it."""
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def verdict(old: object, new: object, now: object) -> Verdict:
    """What to do with one value."""
    if new in (old, now):
        return Verdict.NOTHING
    return Verdict.WRITE if now == old else Verdict.KEEP


def source_pin(candidate: Candidate, slug: str) -> Placed:
    """The pin of a candidate: its source's, a geocoder's, or the commune's centre."""
    fields = candidate.fields
    if fields["pin"] is not None:
        return Placed(candidate.position, fields["pin_precision"], slug)
    return candidate.placed or Placed(candidate.commune.position, Precision.COMMUNE, GAZETTEER)


def names_a_new_person(candidate: Candidate, old: MappingOf[str, Any], present: Present) -> bool:
    """Whether the row would put a person's name, which nobody approved, on a published entry."""
    return (
        Review.NATURAL_PERSON in candidate.fields["holds"]
        and present.place.status == Status.PUBLISHED
        and verdict(old.get("name", ""), candidate.fields["name"], present.fields["name"]) is Verdict.WRITE
    )


def revise(candidate: Candidate, old: MappingOf[str, Any], present: Present, record: int, slug: str) -> Revision:
    """What a row that changed since the last import changes here."""
    revision = Revision(candidate, present, record)
    new: MappingOf[str, Any] = candidate.fields
    for name in MERGED:
        if name == "activities" and not new[name]:
            continue  # unknown wordings say nothing of what is sold
        match verdict(old.get(name, ""), new[name], present.fields[name]):
            case Verdict.WRITE:
                revision.write(name, new[name])
            case Verdict.KEEP:
                revision.kept.append(name)
    _revise_pin(revision, old, slug)
    _revise_holds(revision, old)
    return revision


def _revise_pin(revision: Revision, old: MappingOf[str, Any], slug: str) -> None:
    place, new = revision.present.place, revision.candidate.fields
    said = (old.get("pin"), old.get("pin_precision", ""), old.get("doubtful", False))
    says = (new["pin"], new["pin_precision"], new["doubtful"])
    moved = "commune" in revision.values and place.pin_source == GAZETTEER
    if says == said and not moved:
        return
    now = None if place.pin is None else [place.pin.x, place.pin.y]
    untouched = now == said[0] if said[0] is not None else now is None or place.pin_source == GAZETTEER
    if not may_move(place) or not untouched:
        if says[0] != said[0]:
            revision.kept.append("pin")
        return
    _set_pin(revision, source_pin(revision.candidate, slug))
    _set_review(revision, Review.DOUBTFUL_PIN, bool(new["doubtful"]))


def _set_pin(revision: Revision, pin: Placed) -> None:
    place = revision.present.place
    before = "" if place.pin is None else f"{place.pin.y:.6f}, {place.pin.x:.6f} ({place.pin_precision})"
    after = f"{pin.position.lat:.6f}, {pin.position.lon:.6f} ({pin.precision})"
    if (before, place.pin_source) != (after, pin.source):
        revision.pin = pin
        revision.changes.append(Change("pin", before, after))


def _set_review(revision: Revision, review: Review, wanted: bool) -> None:
    reviews = revision.present.place.reviews if revision.reviews is None else revision.reviews
    if (review in reviews) is not wanted:
        revision.reviews = [*reviews, review.value] if wanted else [each for each in reviews if each != review]
        revision.changes.append(Change("reviews", shown(reviews), shown(revision.reviews)))


def _revise_holds(revision: Revision, old: MappingOf[str, Any]) -> None:
    """Hold what now turns out to name a person; let go what no longer does. Not where a person has decided."""
    if "name" in revision.kept:
        return
    place = revision.present.place
    said, says = set(old.get("holds", ())), set(revision.candidate.fields["holds"])
    if PERSON in says - said and place.merchant.owner_id is None:
        _set_review(revision, Review.NATURAL_PERSON, True)
        revision.natural_person = True
        if place.status == Status.PUBLISHED:
            _set_status(revision, Status.DRAFT)
    settled = [review for review in sorted(said - says) if review in place.reviews]
    if place.status != Status.DRAFT or not settled:
        return
    for review in settled:
        _set_review(revision, Review(review), False)
    if PERSON in settled:
        revision.natural_person = False
    if not revision.hold:
        _set_status(revision, Status.PUBLISHED)


def _set_status(revision: Revision, status: Status) -> None:
    revision.status = status.value
    revision.changes.append(Change("status", revision.present.place.status, status.value))


def attach(candidate: Candidate, present: Present, slug: str) -> Revision:
    """What a row adds to an entry that came from elsewhere: blank fields only."""
    revision = Revision(candidate, present, None)
    new: MappingOf[str, Any] = candidate.fields
    place = present.place
    same_commune = place.commune_id in (None, candidate.fields["commune"])
    for name in MERGED:
        blank = present.fields[name] in EMPTY
        if blank and new[name] not in EMPTY and (same_commune or name not in ADDRESS):
            revision.write(name, new[name])
    placeholder = place.pin is None or (place.pin_source == GAZETTEER and place.pin_precision == Precision.COMMUNE)
    if placeholder and same_commune and (place.pin is None or candidate.fields["pin"] is not None):
        _set_pin(revision, source_pin(candidate, slug))
        _set_review(revision, Review.DOUBTFUL_PIN, candidate.fields["doubtful"])
    return revision
