"""What a point of sale sells: many lines at once, in the merchant's words; each understood, priced, dated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from directory.models import Offer, PointOfSale, Product
from directory.offering import lines
from directory.offering.understanding import understood
from directory.owners.editing import editing
from directory.vocabulary import vocabulary
from maps import wording
from maps.editing.common import done, shown
from maps.editing.offer_form import AddForm, OfferForm
from maps.fields import read_id
from maps.space.common import place_page, place_path


@dataclass(frozen=True)
class Shown:
    """An offer of the list; `maybe` are products that its words may mean, for the person to say."""

    offer: Offer
    words: str
    product: str
    price: str
    season: str
    maybe: list[tuple[str, str]]


@require_http_methods(["GET", "HEAD", "POST"])
@place_page
def own_offers(request: HttpRequest, place: PointOfSale) -> HttpResponse:
    form = AddForm()
    if request.method == "POST":
        match request.POST.get("do"):
            case "add":
                form = AddForm(request.POST)
                if form.is_valid() and (response := _add(request, place, form)) is not None:
                    return response
            case "remove":
                return _remove(request, place)
            case "put_back":
                return _put_back(request, place)
            case "means":
                return _means(request, place)
    removed = lines.removed(place, key := read_id(request.GET.get("removed", "")))
    undo = {"key": key, "words": _words(removed)} if removed else None
    context = {"form": form, "offers": shown_offers(place), "undo": undo}
    return shown(request, place, "offers", context, refused=bool(form.errors))


@require_http_methods(["GET", "HEAD", "POST"])
@place_page
def own_offer(request: HttpRequest, place: PointOfSale, offer: int) -> HttpResponse:
    found = _offer(place, str(offer))
    form = OfferForm(request.POST if request.method == "POST" else None, offer=found)
    looks = request.POST.get("do") == "look"
    if request.method == "POST" and form.is_valid() and not looks:
        with editing(place, request.user):
            now = _offer(place, str(offer))  # anew: it may have been removed, or changed, meanwhile
            if saved := form.fill(now):
                lines.keep(now, request.user)
        if saved:
            return done(request, place, "own_offers", _("C'est enregistré."))
    return shown(request, place, "offer", {"form": form, "offer": found}, refused=bool(form.errors) and not looks)


def _add(request: HttpRequest, place: PointOfSale, form: AddForm) -> HttpResponse | None:
    try:
        with editing(place, request.user) as row:
            made = lines.add(row, form.cleaned_data["text"], request.user)
    except lines.TooMany:
        form.add_error("text", full())
        return None
    said = ngettext("{n} produit ajouté.", "{n} produits ajoutés.", len(made)).format(n=len(made))
    return done(request, place, "own_offers", said if made else _("Tout y était déjà."))


def _remove(request: HttpRequest, place: PointOfSale) -> HttpResponse:
    """The page then says so, with a way back."""
    with editing(place, request.user):
        key = lines.remove(_offer(place, request.POST.get("offer", "")), request.user)
    return redirect(f"{place_path(place, 'own_offers')}?removed={key}")


def _put_back(request: HttpRequest, place: PointOfSale) -> HttpResponse:
    try:
        with editing(place, request.user):
            offer = lines.put_back(place, read_id(request.POST.get("removed", "")), request.user)
    except lines.TooMany:
        return done(request, place, "own_offers", full())
    said = _("« {words} » est de retour.").format(words=_words(offer)) if offer else _("Tout y était déjà.")
    return done(request, place, "own_offers", said)


def full() -> str:
    return _("Une fiche montre au plus {n} produits.").format(n=lines.MOST_OFFERS)


def _means(request: HttpRequest, place: PointOfSale) -> HttpResponse:
    """One tap on what the words may mean."""
    code = request.POST.get("code", "")
    with editing(place, request.user):
        offer = _offer(place, request.POST.get("offer", ""))
        if code in understood(offer.line).maybe:
            offer.product = Product.objects.get(code=code)
            offer.line = lines.line_beside(offer.line, offer.product)
            if not lines.is_twice(offer):
                lines.keep(offer, request.user)
    return done(request, place, "own_offers", _("C'est noté : {product}.").format(product=_words(offer)))


def shown_offers(place: PointOfSale) -> list[Shown]:
    """What is sold, in the order of the vocabulary."""
    return [_shown(offer) for offer in _offers(place)]


def _offer(place: PointOfSale, id_: str) -> Offer:
    """The offer of that id, if it is the point of sale's."""
    found = _offers(place).filter(pk=read_id(id_)).first()
    if found is None:
        raise Http404
    return found


def _offers(place: PointOfSale) -> Any:
    return Offer.objects.filter(point_of_sale=place).select_related("product").order_by("product__rank", "pk")


def _words(offer: Offer) -> str:
    return offer.line or (offer.product.label if offer.product else "")


def _shown(offer: Offer) -> Shown:
    terms, language = vocabulary(), wording.language()
    maybe = () if offer.product else understood(offer.line).maybe
    months = (offer.season_first, offer.season_last) if offer.season_first and offer.season_last else None
    return Shown(
        offer=offer,
        words=_words(offer),
        product=terms.by_id[offer.product_id].label(language) if offer.product_id else "",
        price=wording.price(offer),
        season=wording.season(months),
        maybe=list(zip(maybe, terms.labels(maybe, language), strict=True)),
    )
