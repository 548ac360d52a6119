"""Who asked to be left out, kept as keyed digests: known again when somebody names them, and never read back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from django.utils.crypto import salted_hmac

from directory.models import PointOfSale, Withdrawal
from geo.folding import fold

if TYPE_CHECKING:
    from directory.importing.candidates import Candidate


def withdraw(place: PointOfSale) -> list[str]:
    """Remember that the place is to stay out, by its SIRET, its names in its commune, and what its sources call it.

    The digests that were not there before: `forget` takes them away again.
    """
    digests = {_digest("record", slug, id_) for slug, id_ in _records(place)}
    for name in {place.display_name, place.merchant.name}:
        digests.update(_digests(place.siret or "", name, place.commune_id or ""))
    return [digest for digest in sorted(digests) if Withdrawal.objects.get_or_create(digest=digest)[1]]


def forget(digests: Iterable[str]) -> None:
    """Let what `withdraw` remembered come back."""
    Withdrawal.objects.filter(digest__in=[*digests]).delete()


def is_withdrawn(siret: str, name: str, commune: str) -> bool:
    """Whether the merchant of that SIRET, or of that name there, withdrew."""
    return Withdrawal.objects.filter(digest__in=[*_digests(siret, name, commune)]).exists()


def lift(siret: str, name: str, commune: str) -> int:
    """Let a merchant that wishes so come back; how many digests that was."""
    return Withdrawal.objects.filter(digest__in=[*_digests(siret, name, commune)]).delete()[0]


def lines_of(slug: str, rows: Iterable[Candidate]) -> set[int]:
    """The lines of a source's list that name somebody who withdrew."""
    withdrawn = set(Withdrawal.objects.values_list("digest", flat=True))
    if not withdrawn:
        return set()
    return {
        row.line
        for row in rows
        if _digest("record", slug, row.external_id) in withdrawn
        or not withdrawn.isdisjoint(_digests(row.fields["siret"], row.fields["name"], row.fields["commune"]))
    }


def _digests(siret: str, name: str, commune: str) -> Iterator[str]:
    if siret:
        yield _digest("siret", siret)
    if name and commune:
        yield _digest("name", fold(name), commune)


def _digest(purpose: str, *parts: str) -> str:
    return salted_hmac(f"directory.withdrawals.{purpose}", "\n".join(parts), algorithm="sha256").hexdigest()


def _records(place: PointOfSale) -> Iterable[tuple[str, str]]:
    return place.source_records.values_list("source__slug", "external_id")
