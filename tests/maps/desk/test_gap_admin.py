"""The gap in the admin: posts and remedies are edited, the rest is looked at; agents of the région see none of it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group

from directory.gaps.follow_up import record
from directory.models import CaseEvent, ConnectionReport, ExportLog, GapCase, Official, Remedy
from geo.models import CoverageFile, Edition, ZoneFile
from maps.admin.common import change_url
from maps.admin.groups import AGENTS
from tests.coverage_data import zone
from tests.maps.admin_desk import log_in
from tests.maps.desk.conftest import official

pytestmark = pytest.mark.django_db
READ_ONLY = [GapCase, CaseEvent, ConnectionReport, ExportLog, Edition, CoverageFile, ZoneFile]


def list_of(model) -> str:  # type: ignore[no-untyped-def]
    return f"/gestion/{model._meta.app_label}/{model._meta.model_name}/"


@pytest.fixture
def rows(goats, odile):
    record(goats, odile, state="contacted", note="appel")
    ConnectionReport.objects.create(point_of_sale=goats.point_of_sale, fibre="refused")
    ExportLog.objects.create(by=odile, departement_id="41", audience="epci", format="csv", columns=["name"], rows=2)
    zone((1.0, 47.0, 1.1, 47.1), "HD3")
    Remedy.objects.create(departement_id="41", kind="contact", title="Mission numérique")


@pytest.fixture
def admin(db):
    return log_in(official("admin", is_superuser=True, is_staff=True))


@pytest.mark.parametrize("model", [*READ_ONLY, Official, Remedy])
def test_an_administrator_reads_all(admin, rows, model):
    assert admin.get(list_of(model)).status_code == 200
    assert admin.get(change_url(model.objects.first())).status_code == 200


@pytest.mark.parametrize("model", READ_ONLY)
def test_what_happened_is_not_rewritten(admin, rows, model):
    row = model.objects.first()
    held = model.objects.count()
    assert admin.get(f"{list_of(model)}add/").status_code == 403
    assert admin.post(change_url(row), {"state": "refused"}).status_code == 403
    assert admin.post(f"{change_url(row).removesuffix('change/')}delete/", {"post": "yes"}).status_code == 403
    assert model.objects.count() == held


def test_a_post_is_given_and_kept_in_its_history(admin, odile):
    response = admin.post(f"{list_of(Official)}add/", {"user": odile.pk, "departement": "18"})
    assert response.status_code == 302
    assert set(odile.posts.values_list("departement", flat=True)) == {"18", "41"}
    assert Official.history.get(departement="18").history_user.username == "admin"


def test_the_index_has_a_section_for_it(admin):
    sections = {
        str(s["name"]): [m["object_name"] for m in s["models"]] for s in admin.get("/gestion/").context["app_list"]
    }
    assert {"GapCase", "Official", "Remedy", "Edition"} <= set(sections["Zones à faible débit"])


@pytest.mark.parametrize("model", [*READ_ONLY, Official, Remedy])
def test_an_agent_of_the_region_sees_none_of_it(rows, model):
    agent = official("anne", is_staff=True)
    agent.groups.add(Group.objects.get(name=AGENTS))
    assert log_in(agent).get(list_of(model)).status_code == 403
