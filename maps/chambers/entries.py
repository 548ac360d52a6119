"""Registering for a merchant, with its consent; the letter that tells it so."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directory.chambers import consent
from directory.chambers.access import Chamber
from directory.chambers.entries import Twin, Withdrawn, register
from directory.models import AssistedEntry, PointOfSale
from maps.chambers import telling
from maps.chambers.common import chamber_context, chamber_page, chamber_path
from maps.chambers.forms import EntryForm
from maps.chambers.home import state


@require_http_methods(["GET", "HEAD", "POST"])
@chamber_page
def register_page(request: HttpRequest, chamber: Chamber) -> HttpResponse:
    form = EntryForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            entry = register(chamber, request.user, form.registration())
        except Twin as twin:
            return _twin(request, chamber, twin.place)
        except Withdrawn:
            context = chamber_context(chamber) | {"again": chamber_path(chamber, "chamber_entry")}
            return render(request, "maps/chambers/withdrawn.html", context, status=409)
        if entry.told_at is None and telling.send_letter(request, chamber, entry):
            _told(entry)
            messages.success(request, _("C'est enregistré, et le commerçant est prévenu par courriel."))
        else:
            messages.success(request, _("C'est enregistré. Remettez cette lettre au commerçant."))
        return redirect(chamber_path(chamber, "chamber_letter", entry.pk))
    context = {"form": form, "read_aloud": telling.read_aloud(chamber.kind), "version": consent.VERSION}
    status = 400 if form.is_bound else 200
    return render(request, "maps/chambers/register.html", chamber_context(chamber) | context, status=status)


def _twin(request: HttpRequest, chamber: Chamber, place: PointOfSale) -> HttpResponse:
    """What is here already under the SIRET; of one that is not published, nothing but that."""
    published = place.status == PointOfSale.Status.PUBLISHED
    context = {"place": place if published else None, "again": chamber_path(chamber, "chamber_entry")}
    return render(request, "maps/chambers/twin.html", chamber_context(chamber) | context, status=409)


@require_safe
@chamber_page
def letter_page(request: HttpRequest, chamber: Chamber, id: int) -> HttpResponse:
    """The letter, to be printed; what the merchant did since."""
    entry = entry_of(chamber, id)
    theirs = bool(entry.taken_over_at or entry.withdrawn_at)
    context = {"entry": entry, "state": state(entry), "theirs": theirs}
    context |= telling.letter(request, entry)
    return render(request, "maps/chambers/letter.html", chamber_context(chamber) | context)


@require_POST
@chamber_page
def told_page(request: HttpRequest, chamber: Chamber, id: int) -> HttpResponse:
    """The agent handed the letter over, or posted it."""
    entry = entry_of(chamber, id)
    if entry.told_at is None:
        _told(entry)
    messages.success(request, _("C'est noté : le commerçant est prévenu."))
    return redirect(chamber_path(chamber, "chamber_letter", id))


@require_POST
@chamber_page
def corrected_page(request: HttpRequest, chamber: Chamber, id: int) -> HttpResponse:
    """What the merchant asked for is done. Words that came since the page was opened stay."""
    entry = entry_of(chamber, id)
    seen = AssistedEntry.objects.filter(pk=entry.pk, correction=request.POST.get("seen", "").replace("\r\n", "\n"))
    if seen.update(correction=""):
        messages.success(request, _("C'est noté : la correction est faite."))
    else:
        messages.info(request, _("Le commerçant a écrit autre chose depuis : relisez."))
    return redirect(chamber_path(chamber, "chamber_letter", id))


def entry_of(chamber: Chamber, id: int) -> AssistedEntry:
    found = AssistedEntry.objects.filter(pk=id, chamber=chamber.kind).select_related("merchant", "by").first()
    if found is None:
        raise Http404
    return found


def _told(entry: AssistedEntry) -> None:
    entry.told_at = timezone.now()
    entry.save(update_fields=["told_at"])
