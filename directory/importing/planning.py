"""Candidates and the database -> a plan: what is new, what changes, what waits. Reads in bulk, writes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from directory import withdrawals
from directory.importing.candidates import Candidate, Refusal
from directory.importing.duplicates import EarlierRows, Matches, Namesake, namesakes
from directory.importing.known import (
    GONE,
    HOLDS,
    KnownMerchant,
    KnownRecord,
    SiretHolder,
    holders_of,
    known_records,
    merchants_of,
    old_fields,
    presents,
)
from directory.importing.merging import MERGED, Revision, attach, names_a_new_person, revise, shown, source_pin
from directory.importing.report import Change, Outcome, RowResult
from directory.models import PointOfSale

Review = PointOfSale.Review
PERSON = Review.NATURAL_PERSON.value
# New entries whose values are kept for the diff: a person reads a page of them, not fifty thousand.
SHOWN = 100
WITHDRAWN = (Outcome.SKIPPED, "withdrawn", "withdrawn by its owner")
WAITS = {
    Review.NATURAL_PERSON.value: "the name is a person's: waits for its owner or a moderator",
    Review.UNKNOWN_ACTIVITY.value: "the activity is not known: waits for a moderator",
    Review.DUPLICATE.value: "perhaps the same as another: waits for a moderator",
}


@dataclass(slots=True)
class NewMerchant:
    """A merchant to be created, for the first of its points of sale and those after."""

    name: str
    siren: str | None
    natural_person: bool
    phone: str = ""
    email: str = ""
    website: str = ""
    id: int = 0


@dataclass(slots=True)
class Creation:
    """A point of sale to be created. `merchant` is a new one, or the id of one that is there."""

    candidate: Candidate
    merchant: NewMerchant | int
    name: str
    reviews: list[str]
    published: bool


@dataclass(slots=True)
class Plan:
    """What an import would write, and what becomes of every row. `named` are the records that the file still names."""

    creations: list[Creation] = field(default_factory=list)
    revisions: list[Revision] = field(default_factory=list)
    named: list[int] = field(default_factory=list)
    results: list[RowResult] = field(default_factory=list)
    absent: list[KnownRecord] = field(default_factory=list)
    absent_ids: list[str] = field(default_factory=list)

    @property
    def writes(self) -> bool:
        return bool(self.creations or self.revisions)


class Planner:
    """Makes the plan of one file. With `lock`, the rows that would change are locked until the transaction ends."""

    def __init__(self, slug: str, *, lock: bool):
        self.slug, self.lock = slug, lock
        self.made = Plan()
        self.records = known_records(slug)
        self.in_file: set[str] = set()
        self.holders: dict[str, SiretHolder] = {}

    def plan(self, checked: Iterable[Candidate | Refusal]) -> Plan:
        """What becomes of each row, in one go."""
        fresh, changed = self._sort_out(self._still_wanted(self._first_of_each(checked)))
        self.holders = holders_of(candidate.fields["siret"] for candidate in (*fresh, *changed))
        self._revise(changed)
        self._create(self._attach(fresh))
        self.made.named = [self.records[external_id].id for external_id in self.records.keys() & self.in_file]
        self.made.absent_ids = sorted(self.records.keys() - self.in_file)
        self.made.absent = [self.records[external_id] for external_id in self.made.absent_ids]
        return self.made

    def _result(self, row: Candidate, outcome: Outcome, code: str, message: str, **more: Any) -> None:
        """Notes an outcome; every row passes here once, or through _refused."""
        name, notes = row.fields["name"], tuple(row.notes)
        self.made.results.append(RowResult(row.line, outcome, code, message, row.external_id, name, notes, **more))

    def _as_known(self, row: Candidate, outcome: Outcome, code: str, message: str, known: KnownRecord) -> None:
        self._result(row, outcome, code, message, point_of_sale=known.point_of_sale)

    def _refused(self, row: Refusal) -> None:
        self.in_file.add(row.external_id)
        known = self.records.get(row.external_id)
        here = f" (in the directory as {known.point_of_sale}: look at it)" if known is not None else ""
        self.made.results.append(
            RowResult(row.line, Outcome.REFUSED, row.code, row.message + here, row.external_id, row.name)
        )

    def _first_of_each(self, checked: Iterable[Candidate | Refusal]) -> list[Candidate]:
        """The candidates, without those whose identifier or SIRET stands above them in the file."""
        ids: dict[str, int] = {}
        sirets: dict[str, int] = {}
        candidates = []
        for row in checked:
            if isinstance(row, Refusal):
                self._refused(row)
                continue
            self.in_file.add(row.external_id)
            siret = row.fields["siret"]
            above = [line for line in (ids.get(row.external_id), sirets.get(siret)) if line is not None]
            if above:
                self._result(row, Outcome.SKIPPED, "duplicate_row", f"the same as line {min(above)}")
                continue
            ids[row.external_id] = row.line
            if siret:
                sirets[siret] = row.line
            candidates.append(row)
        return candidates

    def _still_wanted(self, candidates: list[Candidate]) -> list[Candidate]:
        """Without those that withdrew from the directory: what a list says does not bring them back."""
        withdrawn = withdrawals.lines_of(self.slug, candidates)
        for row in candidates:
            if row.line in withdrawn:
                self._result(row, *WITHDRAWN)
        return [row for row in candidates if row.line not in withdrawn]

    def _sort_out(self, candidates: list[Candidate]) -> tuple[list[Candidate], list[Candidate]]:
        """Those that are new to the source, and those that it now says something else of."""
        fresh, changed = [], []
        for row in candidates:
            record = self.records.get(row.external_id)
            if record is None:
                fresh.append(row)
            elif record.row_hash == row.row_hash and record.hold:
                self._as_known(row, Outcome.HELD, record.hold, WAITS[record.hold], record)
            elif record.row_hash == row.row_hash:
                self._as_known(row, Outcome.UNCHANGED, "unchanged", "as it was last time", record)
            elif record.status in GONE:
                self._as_known(row, Outcome.SKIPPED, "closed_here", f"{record.status} here: left alone", record)
            else:
                changed.append(row)
        return fresh, changed

    def _revise(self, changed: list[Candidate]) -> None:
        known = [self.records[row.external_id] for row in changed]
        old = old_fields(record.id for record in known)
        here = presents((record.point_of_sale for record in known), lock=self.lock)
        for row, record in zip(changed, known, strict=True):
            present = here[record.point_of_sale]
            if names_a_new_person(row, old[record.id], present):
                message = f"the name becomes a person's ({row.fields['name']}): nothing is changed"
                self._as_known(row, Outcome.HELD, PERSON, message, record)
                continue
            revision = revise(row, old[record.id], present, record.id, self.slug)
            self._without_taken_siret(revision)
            self._note_revision(revision, "changed", "changed")

    def _without_taken_siret(self, revision: Revision) -> None:
        holder = self.holders.get(str(revision.values.get("siret", "")))
        if holder is not None and holder.live and holder.id != revision.present.place.pk:
            del revision.values["siret"]
            revision.changes = [change for change in revision.changes if change.field != "siret"]
            revision.kept.append("siret")

    def _note_revision(self, revision: Revision, code: str, verb: str) -> None:
        row, id_ = revision.candidate, revision.present.place.pk
        self.made.revisions.append(revision)
        more = {"changes": tuple(revision.changes), "kept": tuple(revision.kept), "point_of_sale": id_}
        said = f"{verb}: {', '.join(change.field for change in revision.changes)}" if revision.changes else ""
        kept = f"kept, edited here: {', '.join(revision.kept)}" if revision.kept else ""
        message = "; ".join(part for part in (said, kept) if part)
        if revision.hold:
            message = f"{WAITS[revision.hold]}; {message}" if message else WAITS[revision.hold]
            self._result(row, Outcome.HELD, revision.hold, message, **more)
        elif revision.changes or revision.record is None:
            self._result(row, Outcome.WRITTEN, code, message or "known here: nothing to add", **more)
        else:
            self._result(row, Outcome.SKIPPED, "kept", message or "the source now says what stands here", **more)

    def _attach(self, fresh: list[Candidate]) -> list[tuple[Candidate, str]]:
        """Those that are nowhere in the directory, each with the reason to take it for a duplicate, if any."""
        places: dict[int, list[Candidate]] = {}
        new: list[tuple[Candidate, str]] = []
        unknown = []
        for row in fresh:
            holder = self.holders.get(row.fields["siret"])
            if holder is None:
                unknown.append(row)
            elif not holder.live:
                message = "its SIRET is that of an entry closed here: left alone"
                self._result(row, Outcome.SKIPPED, "closed_here", message, point_of_sale=holder.id)
            else:
                places.setdefault(holder.id, []).append(row)
        matches = namesakes(unknown, self.slug, self.in_file) if unknown else {}
        earlier = EarlierRows()
        for row in unknown:
            above = earlier.same_as(row)
            if above is not None and not row.own_id:
                self._result(row, Outcome.SKIPPED, "duplicate_row", f"same name and place as line {above.line}")
            elif (same := _the_same(matches.get(row.line))) is not None and above is None:
                places.setdefault(same.id, []).append(row)
            else:
                new.append((row, _why_unsure(matches.get(row.line), above)))
        self._note_attached(places)
        return new

    def _note_attached(self, places: dict[int, list[Candidate]]) -> None:
        here = presents(places, lock=self.lock)
        merchants = merchants_of(row.siren for rows in places.values() for row in rows)
        for id_, rows in places.items():
            for row in rows:
                if hasattr(here[id_].place.merchant, "deletion"):  # its record alone: what it is called is remembered
                    self.made.revisions.append(Revision(row, here[id_], None))
                    self._result(row, *WITHDRAWN)
                    continue
                revision = attach(row, here[id_], self.slug)
                if "siret" in revision.values and here[id_].place.merchant.siren is None and row.siren not in merchants:
                    revision.siren = row.siren
                self._note_revision(revision, "attached", "known here; added")

    def _create(self, new: list[tuple[Candidate, str]]) -> None:
        merchants = merchants_of(row.siren for row, _ in new)
        groups: dict[str, list[tuple[Candidate, str]]] = {}
        for row, why in new:
            groups.setdefault(row.siren or f"line {row.line}", []).append((row, why))
        for siren, rows in groups.items():
            merchant = merchants.get(siren) or _new_merchant([row for row, _ in rows])
            for row, why in rows:
                self._create_one(row, merchant, why)

    def _create_one(self, row: Candidate, merchant: NewMerchant | KnownMerchant, why: str) -> None:
        holds = list(row.fields["holds"])
        if isinstance(merchant, KnownMerchant) and not merchant.approved and PERSON not in holds:
            holds.append(PERSON)  # its address would give the person's name
        if why:
            holds.append(Review.DUPLICATE.value)
        reviews = holds + ([Review.DOUBTFUL_PIN.value] if row.fields["doubtful"] else [])
        name = "" if row.fields["name"] == merchant.name else row.fields["name"]
        owner = merchant.id if isinstance(merchant, KnownMerchant) else merchant
        self.made.creations.append(Creation(row, owner, name, reviews, published=not holds))
        changes = _created(row, self.slug) if len(self.made.creations) <= SHOWN else ()
        hold = next((review for review in HOLDS if review in holds), "")
        if hold:
            message = f"{WAITS[hold]}{f' ({why})' if why else ''}"
            self._result(row, Outcome.HELD, hold, message, changes=changes)
        else:
            self._result(row, Outcome.WRITTEN, "added", "new", changes=changes)


def _the_same(matches: Matches | None) -> Namesake | None:
    """The one entry that the row is, when there is no doubt."""
    if matches is None or matches.unsure or len(matches.same) != 1:
        return None
    return matches.same[0]


def _why_unsure(matches: Matches | None, above: Candidate | None) -> str:
    if above is not None:
        return f"same name and place as line {above.line}"
    if matches is None:
        return ""
    others = (f"{each.name} ({each.id})" for each in (*matches.unsure, *matches.same))
    return f"same name and place as {', '.join(others)}"


def _new_merchant(rows: list[Candidate]) -> NewMerchant:
    """The merchant of rows with one SIREN: named by the first that names no person, if one does not."""
    named = next((row for row in rows if PERSON not in row.fields["holds"]), rows[0])
    merchant = NewMerchant(named.fields["name"], named.siren or None, PERSON in named.fields["holds"])
    for row in rows:
        merchant.phone = merchant.phone or row.fields["phone"]
        merchant.email = merchant.email or row.fields["email"]
        merchant.website = merchant.website or row.fields["website"]
    return merchant


def _created(row: Candidate, slug: str) -> tuple[Change, ...]:
    values = {name: shown(row.fields[name]) for name in MERGED} | {"commune": row.commune_shown}  # type: ignore[literal-required]
    changes = [Change(name, "", value) for name, value in values.items() if value]
    pin = source_pin(row, slug)
    return (*changes, Change("pin", "", f"{pin.position.lat:.6f}, {pin.position.lon:.6f} ({pin.precision})"))
