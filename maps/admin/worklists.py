"""The two queues that an agent works through, one form after the other: doubtful pins, and entries held back.

A form opened from a queue carries it in its address (`?file=epingles&departement=41`), and "Enregistrer et suivant"
goes to the next entry of that very queue.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from directory.models import PointOfSale
from geo.gazetteer import gazetteer
from maps.admin.common import change_url
from maps.admin.moderation import HELD

QUEUE_PARAMETER = "file"
DEPARTEMENT_PARAMETER = "departement"


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


def _held(places: Any) -> QuerySet[Any]:
    """Live entries that somebody must look at: a person's name, an unknown activity, a possible duplicate."""
    return places.live().filter(reviews__overlap=HELD)


DOUBTFUL = Queue("epingles", "epingles-douteuses/", _("épingles douteuses"), _doubtful)
MODERATION = Queue("moderation", "a-moderer/", _("fiches à modérer"), _held)
QUEUES = {queue.slug: queue for queue in (DOUBTFUL, MODERATION)}


@dataclass(frozen=True, slots=True)
class Walk:
    """A way through a queue, one département or all of them."""

    queue: Queue
    departement: str = ""

    @property
    def rows(self) -> QuerySet[Any]:
        rows = self.queue.rows(PointOfSale.objects.all())
        return (rows.filter(commune__departement=self.departement) if self.departement else rows).order_by("pk")

    @property
    def listing_url(self) -> str:
        query = urlencode({DEPARTEMENT_PARAMETER: self.departement}) if self.departement else ""
        return f"{self.queue.url}{'?' if query else ''}{query}"

    def form_url(self, place: PointOfSale) -> str:
        """The form of one of its points of sale."""
        query = {QUEUE_PARAMETER: self.queue.slug}
        if self.departement:
            query[DEPARTEMENT_PARAMETER] = self.departement
        return f"{change_url(place)}?{urlencode(query)}"

    def after(self, place: PointOfSale) -> PointOfSale | None:
        """The next that waits, from the beginning again after the last; None when no other does."""
        others = self.rows.exclude(pk=place.pk)
        return others.filter(pk__gt=place.pk).first() or others.first()


def walk_of(request: HttpRequest) -> Walk | None:
    """The walk that a form's address names; None where it names none."""
    queue = QUEUES.get(request.GET.get(QUEUE_PARAMETER, ""))
    departement = request.GET.get(DEPARTEMENT_PARAMETER, "")
    if queue is None:
        return None
    return Walk(queue, departement if departement in gazetteer().departements else "")
