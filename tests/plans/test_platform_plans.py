"""Platforms are found along indexes: by where they serve, by what they sell, by what they name."""

from __future__ import annotations

import pytest
from django.contrib.gis.measure import D
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directory.api.platforms import Asked
from directory.models import Platform
from directory.platforms import also_near
from directory.platforms.keeping import keep
from directory.questions import Question
from directory.vocabulary import vocabulary
from geo.gazetteer import gazetteer
from geo.points import Position
from tests.plans.filling import explain

HERE = Position(1.909, 47.9025)
# The territories of so many platforms, each a commune's.
MANY = 1_500


@pytest.fixture
def many(db):
    codes = [entry.code for entry in gazetteer().entries[:MANY]]
    rows = Platform.objects.bulk_create(
        Platform(slug=f"p{i}", name=f"P{i}", operator="O", kind="drive", url="https://x.example.org/",
                 status="published", sold=[i % 300]) for i in range(len(codes))
    )  # fmt: skip
    through = Platform.communes.through
    through.objects.bulk_create(
        through(platform_id=row.pk, commune_id=code) for row, code in zip(rows, codes, strict=True)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE directory_platform SET territory = contour FROM directory_platform_communes AS own"
            " JOIN geo_commune ON code = commune_id WHERE platform_id = directory_platform.id"
        )
        cursor.execute("ANALYZE directory_platform, directory_platform_communes")
        cursor.execute("SET LOCAL enable_seqscan = off")  # as in the service: what is left has no index
    vocabulary()


def plan(ask) -> list[dict]:
    with CaptureQueriesContext(connection) as made:
        ask()
    (query,) = [one["sql"] for one in made if "geo_revision" not in one["sql"]]
    found = explain(query, [])
    assert "Seq Scan" not in {node["Node Type"] for node in found}
    return found


def used(found: list[dict]) -> str:
    return " ".join(node.get("Index Name", "") for node in found)


@pytest.mark.parametrize("products", [(), ("cheese",)])
def test_around_a_position(many, products):
    question = Question(centre=HERE, radius=D(km=10), products=products)
    assert "territory" in used(plan(lambda: also_near(question)))


@pytest.mark.parametrize(
    "asked",
    [{"communes": ("45234",)}, {"departements": ("45",)}, {"epcis": ("244500468",), "products": ("cheese",)}],
    ids=str,
)
def test_in_a_place(many, asked):
    assert "directory_platform" in used(plan(lambda: also_near(Question(**asked))))


def test_by_what_is_sold(many):
    assert "platform_sold" in used(plan(lambda: Asked(products=("cheese",)).found().count()))


def test_keeping_is_a_few_queries_a_platform(many):
    with CaptureQueriesContext(connection) as made:
        keep(Platform.objects.all()[:10])
    assert len(made) <= 1 + 10 * 5
