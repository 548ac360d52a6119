"""One offer as a form: the merchant's words, the product they mean, a price or a range, the season."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.models import Offer, Product
from directory.offering import lines, prices, understanding
from directory.vocabulary import vocabulary
from geo.folding import one_line
from maps.wording import language

ALL_THE_YEAR = "1-12"


def why(error: prices.NotAPriceError) -> str:
    """What is wrong with a price, in which line where there are many, and what would be right."""
    text = {
        "unreadable": _("Ce prix ne se lit pas. Exemples : 3,50 ou 3 à 5."),
        "nothing": _("Un prix est plus grand que zéro. Pour ne rien afficher, laissez-le vide."),
        "absurd": _("Ce prix dépasse {most} € : vérifiez la virgule.").format(most=number_format(prices.MOST)),
        "backwards": _("Le premier prix est le plus petit : 3 à 5."),
    }[error.code]
    return _("« {line} » : {text}").format(line=error.line, text=text) if error.line else text


class AddForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Ce que vous vendez, dans vos mots"), max_length=4_000,
        widget=forms.Textarea({"rows": 4, "autocapitalize": "none", "enterkeyhint": "enter"}),
        help_text=gettext_lazy(
            "Un produit par ligne, ou entre des virgules ; avec son prix si vous voulez : miel 8 € le pot."
        ),
    )  # fmt: skip

    def clean_text(self) -> list[lines.Line]:
        try:
            found = lines.read_lines(self.cleaned_data["text"])
        except prices.NotAPriceError as error:
            raise ValidationError(why(error)) from None
        if not found:
            raise ValidationError(_("Nommez au moins un produit."))
        return found


class OfferForm(forms.Form):
    line = forms.CharField(label=gettext_lazy("Dans vos mots"), max_length=lines.LONGEST_LINE, required=False)
    code = forms.ChoiceField(
        label=gettext_lazy("C'est du produit"), required=False, widget=forms.RadioSelect,
        help_text=gettext_lazy("C'est sous ce nom que les filtres de la recherche le trouvent."),
    )  # fmt: skip
    price = forms.CharField(
        label=gettext_lazy("Prix en euros (facultatif)"), required=False, max_length=40,
        widget=forms.TextInput({"inputmode": "text", "autocomplete": "off"}),
        help_text=gettext_lazy("Un prix, ou de … à … : 3,50 ou 3 à 5."),
    )  # fmt: skip
    unit = forms.CharField(
        label=gettext_lazy("Le prix est pour (facultatif)"), required=False, max_length=prices.LONGEST_UNIT,
        widget=forms.TextInput({"list": "unites", "autocapitalize": "none", "autocomplete": "off"}),
        help_text=gettext_lazy("kg, pièce, pot, litre…"),
    )  # fmt: skip
    season_first = forms.TypedChoiceField(
        label=gettext_lazy("De saison, du mois de"), required=False, coerce=int, empty_value=None
    )
    season_last = forms.TypedChoiceField(
        label=gettext_lazy("au mois de"), required=False, coerce=int, empty_value=None,
        help_text=gettext_lazy("Laissez vide pour la saison habituelle du produit."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, offer: Offer):
        code = offer.product.code if offer.product else ""
        said = offer.line or (offer.product.label if offer.product else "")
        initial = {
            "line": said, "code": code, "price": price_as_typed(offer), "unit": offer.unit,
            "season_first": offer.season_first, "season_last": offer.season_last,
        }  # fmt: skip
        super().__init__(data, initial=initial)
        words = str(data.get("line", said)) if data is not None else said
        terms, codes = vocabulary(), understanding.choices(words[: lines.LONGEST_LINE], code)
        labels = zip(codes, terms.labels(codes, language()), strict=True)
        fields: Any = self.fields
        fields["code"].choices = [*labels, ("", _("Aucun de ceux-là : garder mes mots"))]
        months = [("", "—"), *((number, str(capfirst(name))) for number, name in MONTHS.items())]
        fields["season_first"].choices = fields["season_last"].choices = months

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("code") and not one_line(data.get("line", "")) and "code" not in self.errors:
            self.add_error("line", _("Écrivez ce que vous vendez, ou choisissez un produit."))
        if (data.get("season_first") is None) != (data.get("season_last") is None):
            self.add_error("season_last", _("Donnez les deux mois, ou aucun."))
        try:
            data["read"] = prices.read_price(data.get("price", ""), data.get("unit", ""))
        except prices.NotAPriceError as error:
            self.add_error("price", why(error))
        return data

    def fill(self, offer: Offer) -> bool:
        """Write what was filled in, once it is valid, into the offer, not yet saved; or say why that cannot be."""
        data = self.cleaned_data
        offer.product = Product.objects.filter(code=data["code"]).first() if data["code"] else None
        offer.line = lines.line_beside(one_line(data["line"]), offer.product)
        lines.set_price(offer, data["read"])
        offer.season_first, offer.season_last = data["season_first"], data["season_last"]
        if lines.is_twice(offer):
            self.add_error("line", _("Vous avez déjà cette ligne : modifiez l'autre, ou retirez celle-ci."))
        return not self.errors


def price_as_typed(offer: Offer) -> str:
    """ "3 à 5", as the field reads it again."""
    amounts = [offer.price_min, offer.price_max]
    said = [number_format(amount.normalize(), use_l10n=True) for amount in amounts if amount is not None]
    return _("{low} à {high}").format(low=said[0], high=said[1]) if len(said) == 2 else "".join(said)
