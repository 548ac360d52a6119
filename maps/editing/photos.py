"""Up to six photographs: sent from a phone, made small here, each with words for those who do not see it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from directory import photos
from directory.models import Photo, PointOfSale
from directory.models.photo import MOST
from directory.owners.editing import editing
from directory.photos.shrinking import MOST_SENT, SHORTEST_SIDE, Shrunk
from directory.ratelimit import RateLimiter
from geo.folding import one_line
from maps.chambers.receiving import BoundedUploadHandler
from maps.editing.common import done, shown
from maps.fields import read_id
from maps.pictures import pictures
from maps.space.common import place_page

MEGABYTES = MOST_SENT // 2**20
# For each account, since each is a second of work: an afternoon's. Made before workers part.
sending = RateLimiter(rate=60 / 3600, burst=60)


class PhotoHandler(BoundedUploadHandler):
    most_bytes = MOST_SENT


def why(error: photos.NotAPhotoError) -> str:
    """What is wrong with a file, and what to do about it."""
    return {
        "heic": _(
            "Votre téléphone enregistre en HEIC, que les navigateurs n'affichent pas. Sur un iPhone : Réglages, "
            "Appareil photo, Formats, « Le plus compatible » ; ou envoyez-vous la photo par courriel et reprenez-la."
        ),
        "unreadable": _("Ce fichier n'est pas une photo que nous savons lire. Envoyez un JPEG, un PNG ou un WebP."),
        "too_large": _("Cette image a trop de pixels. Réduisez-la, ou prenez la photo en qualité normale."),
        "too_small": _("Cette image est trop petite : il faut au moins {n} pixels de côté.").format(n=SHORTEST_SIDE),
    }[error.code]


class PhotoForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Ce qu'on voit"), max_length=200,
        help_text=gettext_lazy(
            "Pour les personnes qui ne voient pas la photo ou ont une petite connexion. "
            "Exemple : l'étal de légumes devant la grange."
        ),
        error_messages={"required": gettext_lazy("Décrivez la photo en une phrase.")},
    )  # fmt: skip
    file = forms.FileField(
        label=gettext_lazy("Photo"), widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={
            "required": gettext_lazy("Choisissez une photo, de {n} Mo au plus.").format(n=MEGABYTES),
            "empty": gettext_lazy("Ce fichier est vide."),
        },
    )  # fmt: skip

    needs_file = True

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.user = request.user
        file, is_too_long = self.fields["file"], any(getattr(one, "refused", False) for one in request.upload_handlers)
        file.required = self.needs_file or is_too_long
        if is_too_long:
            file.error_messages["required"] = _("Cette photo dépasse {n} Mo. Envoyez-la plus petite.").format(
                n=MEGABYTES
            )

    def clean_text(self) -> str:
        return one_line(self.cleaned_data["text"])

    def clean_file(self) -> Shrunk | None:
        sent = self.cleaned_data["file"]
        if not sent:
            return None
        if sending.wait_for(str(self.user.pk)):
            raise ValidationError(_("Vous avez envoyé beaucoup de photos. Attendez une heure, puis reprenez."))
        try:
            return photos.shrink(sent.read())
        except photos.NotAPhotoError as error:
            raise ValidationError(why(error)) from None


class ChangeForm(PhotoForm):
    """The file stays where no other is sent."""

    needs_file = False

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["file"].label = _("Autre photo (facultatif)")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@place_page
def own_photos(request: HttpRequest, place: PointOfSale) -> HttpResponse:
    request.upload_handlers = [PhotoHandler(request)]
    return _photos(request, place)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@place_page
def own_photo(request: HttpRequest, place: PointOfSale, photo: int) -> HttpResponse:
    request.upload_handlers = [PhotoHandler(request)]
    return _photo(request, place, photo)


@csrf_protect  # checked here: the form is not read before it is bounded
def _photos(request: HttpRequest, place: PointOfSale) -> HttpResponse:
    form = PhotoForm(request=request)
    if request.method == "POST":
        match request.POST.get("do"):
            case "remove" | "forward" as what:
                return _act(request, place, what)
            case _:
                form = PhotoForm(request.POST, request.FILES, request=request)
                if form.is_valid() and (response := _add(request, place, form)) is not None:
                    return response
    found = pictures([place.pk]).get(place.pk, [])
    context = {"form": form, "pictures": found, "most": MOST, "is_full": len(found) >= MOST}
    return shown(request, place, "photos", context, refused=bool(form.errors))


@csrf_protect
def _photo(request: HttpRequest, place: PointOfSale, id_: int) -> HttpResponse:
    photo = _of(place, str(id_))
    form = ChangeForm(initial={"text": photo.text}, request=request)
    if request.method == "POST":
        form = ChangeForm(request.POST, request.FILES, request=request)
        if form.is_valid():
            with editing(place, request.user):
                photo = _of(place, str(id_))
                photos.change(photo, form.cleaned_data["text"], form.cleaned_data["file"], request.user)
            return done(request, place, "own_photos", _("C'est enregistré."))
    shown_now = next(one for one in pictures([place.pk])[place.pk] if one.id == photo.pk)
    return shown(request, place, "photo", {"form": form, "picture": shown_now}, refused=bool(form.errors))


def _add(request: HttpRequest, place: PointOfSale, form: PhotoForm) -> HttpResponse | None:
    try:
        with editing(place, request.user) as row:
            photos.add(row, form.cleaned_data["file"], form.cleaned_data["text"], request.user)
    except photos.FullError:
        form.add_error("file", _("Il y a déjà {n} photos : retirez-en une, ou remplacez-la.").format(n=MOST))
        return None
    return done(request, place, "own_photos", _("La photo est sur votre fiche."))


def _act(request: HttpRequest, place: PointOfSale, what: str) -> HttpResponse:
    with editing(place, request.user):
        photo = _of(place, request.POST.get("photo", ""))
        if what == "remove":
            photos.remove(photo, request.user)
        else:
            photos.move(photo, request.user)
    said = _("La photo est retirée.") if what == "remove" else _("L'ordre est changé.")
    return done(request, place, "own_photos", said)


def _of(place: PointOfSale, id_: str) -> Photo:
    """The photo of that id, if it is the point of sale's."""
    found = place.photos.filter(pk=read_id(id_)).first()
    if found is None:
        raise Http404
    return found
