"""Who asked to be left out, kept as keyed digests: known again when somebody names them, and never read back.

A withdrawal is a handful of digests, its own even where another has the same. A SIRET says who somebody is; a name in
a commune does where no SIRET says otherwise. Names are compared by their telling words, so that a list that adds
"SARL" or an article brings nobody back; one that is nothing but a trade ("La Boulangerie") counts as it is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q

from directory.digests import digest
from directory.importing.casing import LEGAL_FORMS
from directory.importing.people import SOLE_TRADER, TRADE_WORDS
from directory.models import PointOfSale, Withdrawal
from geo.folding import fold, loose_key

if TYPE_CHECKING:
    from directory.importing.candidates import Candidate

FORMS = LEGAL_FORMS | SOLE_TRADER


def withdraw(place: PointOfSale, of: UUID) -> None:
    """Remember that the place is to stay out, by its SIRET, its names in its commune, and what its sources call it.

    `of` is the withdrawal, by which `forget` takes all of it away again.
    """
    digests = {_digest("record", slug, id_) for slug, id_ in _records(place)}
    for name in {place.display_name, place.merchant.name}:
        siret, commune = place.siret or "", place.commune_id or ""
        digests.update(_own(siret, name, commune) if siret else ())
        if name and commune:
            digests.add(_digest("registered name" if siret else "name", _telling(name), commune))
    rows = [Withdrawal(of=of, digest=digest) for digest in sorted(digests)]
    Withdrawal.objects.bulk_create(rows, ignore_conflicts=True)


def forget(of: UUID) -> None:
    """Let come back what was remembered of that withdrawal."""
    Withdrawal.objects.filter(of=of).delete()


def is_withdrawn(siret: str, name: str, commune: str) -> bool:
    """Whether the merchant of that SIRET, or of that name there, withdrew."""
    rows = Withdrawal.objects.all()
    if rows.filter(digest__in=[*_own(siret, name, commune)]).exists():
        return True
    return rows.filter(digest__in=[*_named(name, commune)]).exists() and siret not in _others([siret])


def lift(siret: str, name: str, commune: str) -> int:
    """Let a merchant that wishes so come back; how many digests that was. With a SIRET, only what withdrew with it."""
    digests = {*_own(siret, name, commune), *_named(name, commune)}
    rows = Withdrawal.objects.filter(digest__in=[_digest("siret", siret)] if siret else digests)
    if not rows.exists():
        return 0
    # Those of before withdrawals were told apart have none.
    return Withdrawal.objects.filter(Q(of__in=rows.values("of")) | Q(of=None, digest__in=digests)).delete()[0]


def lines_of(slug: str, rows: Iterable[Candidate]) -> set[int]:
    """The lines of a source's list that name somebody who withdrew."""
    withdrawn = set(Withdrawal.objects.values_list("digest", flat=True))
    if not withdrawn:
        return set()
    lines: set[int] = set()
    by_name: list[Candidate] = []
    for row in rows:
        who = row.fields["siret"], row.fields["name"], row.fields["commune"]
        if _digest("record", slug, row.external_id) in withdrawn or not withdrawn.isdisjoint(_own(*who)):
            lines.add(row.line)
        elif not withdrawn.isdisjoint(_named(*who[1:])):
            by_name.append(row)
    others = _others(row.fields["siret"] for row in by_name)
    return lines | {row.line for row in by_name if row.fields["siret"] not in others}


def _own(siret: str, name: str, commune: str) -> Iterator[str]:
    """What says for certain that it is who withdrew: the SIRET, or its company with that name there.

    Of who names no SIRET: the name of one that had one.
    """
    if siret:
        yield _digest("siret", siret)
    if name and commune:
        known = ("company", siret[:9]) if siret else ("registered name",)
        yield _digest(*known, _telling(name), commune)


def _named(name: str, commune: str) -> Iterator[str]:
    """The name of one that withdrew without a SIRET, also as names were once kept."""
    if name and commune:
        yield _digest("name", _telling(name), commune)
        yield _digest("name", fold(name), commune)


def _others(sirets: Iterable[str]) -> set[str]:
    """Of these SIRET, those of somebody who is here and does not leave: a namesake of who withdrew."""
    known = PointOfSale.objects.live().filter(siret__in={*sirets} - {""}, merchant__deletion=None)
    return {siret for siret in known.values_list("siret", flat=True) if siret}


@lru_cache(maxsize=1024)
def _telling(name: str) -> str:
    """What a name says without its legal form and, in an order of its own, without articles and links."""
    folded = fold(name)
    words = [word for word in folded.split() if word not in FORMS]
    telling = sorted(loose_key(words).split())
    return " ".join(words if TRADE_WORDS.issuperset(telling) else telling) or folded


def _digest(purpose: str, *parts: str) -> str:
    return digest(f"withdrawals.{purpose}", *parts)


def _records(place: PointOfSale) -> Iterable[tuple[str, str]]:
    return place.source_records.values_list("source__slug", "external_id")
