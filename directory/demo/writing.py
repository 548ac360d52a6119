"""The merchants into the tables, by COPY. Rows go in by the ten thousand, in the order they come; ids follow it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import islice
from typing import Any

from django.db import connection, models
from django.utils import timezone
from psycopg.sql import SQL, Identifier

from directory.demo.bulk import set_aside
from directory.demo.making import DemoMerchant, DemoPoint
from directory.importing.bulk import array, columns_of, ewkb
from directory.indexing import deferred_indexing, refresh_entries
from directory.models import (
    Consent,
    Merchant,
    MerchantLabel,
    Offer,
    PointOfSale,
    Schedule,
    SearchDetail,
    SearchEntry,
    Term,
)
from geo.points import Position

CHUNK = 10_000
# Columns by which entries find what a point of sale sells.
LOOKED_UP = ("merchant_id", "pointofsale_id", "point_of_sale_id")
WORDING = "démonstration"
# What triggers write, beside the tables below.
READ_MODELS = (SearchEntry, SearchDetail)
NULL = "\\N"  # as COPY writes it

ACTIVITIES = PointOfSale.activities.through
SERVICES = PointOfSale.services.through
COLUMNS: dict[type[models.Model], tuple[str, ...]] = {
    Merchant: ("id", "name", "description_fr", "description_en", "website", "shop_url", "phone", "email"),
    MerchantLabel: ("merchant_id", "label_id", "state", "verified_by", "verified_until"),
    Consent: ("merchant_id", "field", "audience", "wording"),
    PointOfSale: (
        "id", "merchant_id", "kind", "name", "street", "postcode", "commune_id", "pin", "pin_precision", "pin_source",
        "pin_score", "pin_label", "pin_at", "pin_hidden", "service_radius_km", "schedule_id", "status", "reviews",
        "demo",
    ),
    ACTIVITIES: ("pointofsale_id", "activity_id"),
    SERVICES: ("pointofsale_id", "service_id"),
    Offer: (
        "point_of_sale_id", "product_id", "line", "price_min", "price_max", "unit", "season_first", "season_last",
    ),
}  # fmt: skip


def write(merchants: Iterator[DemoMerchant], many: bool) -> int:
    """Write the merchants, and their search entries, in one transaction; the number of points of sale.

    For `many` of them, indexes and foreign keys are set aside and made anew, which is quicker.
    """
    written = 0
    with set_aside([*COLUMNS, *READ_MODELS], keep=LOOKED_UP, when=many), deferred_indexing():
        writer = Writer()
        for chunk in ahead(merchants):
            points = sum(len(merchant.points) for merchant in chunk)
            ids = writer.write(chunk, reserve_ids(Merchant, len(chunk)), reserve_ids(PointOfSale, points))
            if not written:  # or all entries would be made by a plan for empty tables
                analyze(COLUMNS)
            refresh_entries(ids)
            written += len(ids)
    analyze([*COLUMNS, *READ_MODELS])
    return written


def ahead(merchants: Iterator[DemoMerchant]) -> Iterator[list[DemoMerchant]]:
    """Chunks of merchants, the next one made while PostgreSQL works on the last."""
    with ThreadPoolExecutor(1) as thread:
        following = thread.submit(lambda: list(islice(merchants, CHUNK)))
        while chunk := following.result():
            following = thread.submit(lambda: list(islice(merchants, CHUNK)))
            yield chunk


def analyze(tables: Iterable[type[models.Model]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SQL("ANALYZE {}").format(SQL(", ").join(Identifier(model._meta.db_table) for model in tables)))


class Writer:
    """Writes chunks of merchants, knowing the ids of terms and schedules."""

    def __init__(self) -> None:
        self.terms = {code: str(id_) for code, id_ in Term.objects.values_list("code", "id")}
        self.schedules: dict[str | None, str] = {None: NULL}
        self.now = str(timezone.now())

    def write(self, merchants: Sequence[DemoMerchant], merchant_ids: range, point_ids: range) -> list[int]:
        """One COPY a table; the ids of the points of sale, for which there may be more ids than needed."""
        self._add_schedules({point.hours for merchant in merchants for point in merchant.points})
        lines: dict[type[models.Model], list[str]] = {model: [] for model in COLUMNS}
        following = iter(point_ids)
        written = []
        for merchant_id, merchant in zip(map(str, merchant_ids), merchants, strict=True):
            self._merchant(lines, merchant_id, merchant)
            for point in merchant.points:
                written.append(point_id := next(following))
                self._point(lines, str(point_id), merchant_id, point)
        for model, rows in lines.items():
            copy(model, COLUMNS[model], rows, self.now)
        return written

    def _add_schedules(self, texts: Iterable[str | None]) -> None:
        new = {text for text in texts if text is not None and text not in self.schedules}
        self.schedules |= {text: str(id_) for text, id_ in Schedule.objects.ids_of(new).items()}

    def _merchant(self, lines: dict[type[models.Model], list[str]], id_: str, merchant: DemoMerchant) -> None:
        lines[Merchant].append("\t".join((id_, *merchant[:7])))
        lines[MerchantLabel] += [
            "\t".join((
                id_, self.terms[held.label], "verified" if held.verified_by else "declared", held.verified_by,
                held.verified_until or NULL,
            ))
            for held in merchant.labels
        ]  # fmt: skip
        lines[Consent] += [f"{id_}\t{field}\t{Consent.Audience.PUBLIC.value}\t{WORDING}" for field in merchant.consents]

    def _point(self, lines: dict[type[models.Model], list[str]], id_: str, merchant_id: str, point: DemoPoint) -> None:
        pin, terms = point.pin, self.terms
        lines[PointOfSale].append("\t".join((
            id_, merchant_id, point.kind, point.name, point.street, point.postcode, point.commune,
            ewkb(Position(pin.lon, pin.lat)) or NULL, pin.precision, pin.source, _text(pin.score), pin.label, self.now,
            "t" if point.pin_hidden else "f", _text(point.radius_km), self.schedules[point.hours], point.status,
            array(point.reviews), "t",
        )))  # fmt: skip
        lines[ACTIVITIES] += [f"{id_}\t{terms[code]}" for code in point.activities]
        lines[SERVICES] += [f"{id_}\t{terms[code]}" for code in point.services]
        lines[Offer] += [
            f"{id_}\t{terms[product]}\t{line}\t{euros(low)}\t{euros(high)}\t{unit}\t{months(season)}"
            for product, line, low, high, unit, season in point.offers
        ]


def reserve_ids(model: type[models.Model], count: int) -> range:
    """Ids of rows to come, from the table's own sequence, which is looked up once: 0.3 µs an id instead of 3."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [model._meta.db_table])
        sequence = cursor.fetchone()[0]
        while True:
            cursor.execute(
                "SELECT min(id), max(id) FROM (SELECT nextval(%s::regclass) FROM generate_series(1, %s)) AS taken(id)",
                [sequence, count],
            )
            first, last = cursor.fetchone()
            if first is None or last - first + 1 == count:  # else somebody else took one between
                return range(first or 0, (first or 0) + count)


def copy(model: type[models.Model], columns: Sequence[str], lines: Sequence[str], now: str) -> None:
    """Append rows to the model's table, each given as a line of COPY's own text, without its end.

    Columns that are not given and may not be null get the field's default.
    """
    if not lines:
        return
    constant = constants(model, columns, now)
    names = SQL(", ").join(Identifier(name) for name in [*columns, *constant])
    statement = SQL("COPY {} ({}) FROM STDIN").format(Identifier(model._meta.db_table), names)
    end = "".join("\t" + _text(value) for value in constant.values()) + "\n"
    text = end.join(lines) + end
    # Backslashes, tabs and line ends are COPY's own: none may come from a name.
    if text.count("\t") != len(lines) * (len(columns) + len(constant) - 1) or text.count("\n") != len(lines):
        raise ValueError(f"a value for {model._meta.db_table} holds a tab or a line end")
    if text.count("\\") != text.count(NULL):
        raise ValueError(f"a value for {model._meta.db_table} holds a backslash")
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copying:
        copying.write(text)


def constants(model: type[models.Model], columns: Sequence[str], now: str) -> dict[str, Any]:
    """The other columns that a row needs, by name, with the value that all rows share."""
    values: dict[str, Any] = {}
    for field in columns_of(model):
        if field.primary_key or field.null or field.column in columns:
            continue
        automatic = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
        values[str(field.column)] = now if automatic else field.get_default()
    return values


def _text(value: Any) -> str:
    return NULL if value is None else str(value)


@cache
def euros(cents: int | None) -> str:
    return NULL if cents is None else f"{cents // 100}.{cents % 100:02d}"


@cache
def months(season: tuple[int, int] | None) -> str:
    first, last = season or (NULL, NULL)
    return f"{first}\t{last}"
