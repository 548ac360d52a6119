"""The queues that an agent works through, one form after the other: all that is to be looked at, and doubtful pins.

A form opened from a queue carries it in its address (`?file=epingles&departement=41`), and "Enregistrer et suivant"
goes to the next entry of that very queue.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from directory.models import PointOfSale
from geo.gazetteer import gazetteer
from maps.admin.common import change_url

QUEUE_PARAMETER = "file"
DEPARTEMENT_PARAMETER = "departement"
REASON_PARAMETER = "reviews"
Review = PointOfSale.Review


@dataclass(frozen=True, slots=True)
class Queue:
    """`rows` narrows points of sale to those that wait. `path` is where they are listed, below the points of sale."""

    slug: str
    path: str
    title: Any
    rows: Callable[[Any], QuerySet[Any]]

    @property
    def url_name(self) -> str:
        return f"directory_pointofsale_{self.slug}"

    @property
    def url(self) -> str:
        return reverse(f"admin:{self.url_name}")


def _doubtful(places: Any) -> QuerySet[Any]:
    return places.doubtful()


def _to_look_at(places: Any) -> QuerySet[Any]:
    """Live entries that somebody must look at, for whatever reason."""
    return places.live().filter(reviews__overlap=GRAVEST)


# The order of the queue: what may harm somebody, what waits to be published, what only may be wrong.
GRAVEST = [
    Review.REPORTED, Review.NATURAL_PERSON, Review.DUPLICATE, Review.UNKNOWN_ACTIVITY, Review.NEW, Review.CHANGED,
    Review.DOUBTFUL_PIN,
]  # fmt: skip
GRAVITY = Case(
    *(When(reviews__contains=[review], then=Value(rank)) for rank, review in enumerate(GRAVEST)),
    default=Value(len(GRAVEST)),
    output_field=IntegerField(),
)
DOUBTFUL = Queue("epingles", "epingles-douteuses/", _("épingles douteuses"), _doubtful)
MODERATION = Queue("moderation", "a-moderer/", _("fiches à examiner"), _to_look_at)
QUEUES = {queue.slug: queue for queue in (MODERATION, DOUBTFUL)}


@dataclass(frozen=True, slots=True)
class Walk:
    """A way through a queue: one département or all of them, one reason or all. The gravest first, then the oldest."""

    queue: Queue
    departement: str = ""
    reason: str = ""

    @property
    def rows(self) -> QuerySet[Any]:
        rows = self.queue.rows(PointOfSale.objects.all())
        if self.departement:
            rows = rows.filter(commune__departement=self.departement)
        if self.reason:
            rows = rows.filter(reviews__contains=[self.reason])
        return rows.annotate(gravity=GRAVITY).order_by("gravity", "pk")

    @property
    def query(self) -> dict[str, str]:
        narrowed = {DEPARTEMENT_PARAMETER: self.departement, REASON_PARAMETER: self.reason}
        return {name: value for name, value in narrowed.items() if value}

    @property
    def listing_url(self) -> str:
        return f"{self.queue.url}{'?' if self.query else ''}{urlencode(self.query)}"

    def form_url(self, place: PointOfSale) -> str:
        """The form of one of its points of sale."""
        return f"{change_url(place)}?{urlencode({QUEUE_PARAMETER: self.queue.slug, **self.query})}"

    def after(self, place: PointOfSale, reviews: Sequence[str]) -> PointOfSale | None:
        """The next that waits, from the beginning again after the last; None when no other does.

        `reviews`: what the one that is left waited for, before it was looked at.
        """
        others = self.rows.exclude(pk=place.pk)
        gravity = next((rank for rank, review in enumerate(GRAVEST) if review in reviews), len(GRAVEST))
        return others.filter(Q(gravity=gravity, pk__gt=place.pk) | Q(gravity__gt=gravity)).first() or others.first()


def walk_of(request: HttpRequest) -> Walk | None:
    """The walk that a form's address names; None where it names none."""
    queue = QUEUES.get(request.GET.get(QUEUE_PARAMETER, ""))
    departement, reason = request.GET.get(DEPARTEMENT_PARAMETER, ""), request.GET.get(REASON_PARAMETER, "")
    if queue is None:
        return None
    return Walk(
        queue, departement if departement in gazetteer().departements else "", reason if reason in GRAVEST else ""
    )
