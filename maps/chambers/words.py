"""What an import says, in French words; the importer's own, with the details, stand beside them."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.importing import Busy, ChangedMeanwhile, ImportFailure, Interrupted, UnreadableFile
from directory.models import PointOfSale
from directory.vocabulary import vocabulary
from maps import wording

OUTCOMES = {
    "written": gettext_lazy("à écrire"),
    "unchanged": gettext_lazy("inchangées"),
    "held": gettext_lazy("retenues"),
    "skipped": gettext_lazy("laissées"),
    "refused": gettext_lazy("refusées"),
}
CODES = {
    "added": gettext_lazy("nouvelle fiche"),
    "changed": gettext_lazy("modifiée"),
    "attached": gettext_lazy("déjà là, complétée"),
    "natural_person": gettext_lazy("le nom est celui d'une personne : attend son accord ou un modérateur"),
    "unknown_activity": gettext_lazy("activité inconnue : attend un modérateur"),
    "duplicate": gettext_lazy("peut-être déjà là : attend un modérateur"),
    "withdrawn": gettext_lazy("retirée par le commerçant lui-même : laissée"),
    "not_a_shop": gettext_lazy("n'est pas ouvert au public"),
    "invalid_siret": gettext_lazy("SIRET faux"),
    "siret_lost_digits": gettext_lazy("SIRET arrondi par un tableur"),
    "no_name": gettext_lazy("sans nom"),
    "too_long": gettext_lazy("texte trop long"),
    "bad_id": gettext_lazy("identifiant inutilisable"),
    "no_commune": gettext_lazy("sans commune"),
    "unknown_commune": gettext_lazy("commune inconnue"),
    "ambiguous_commune": gettext_lazy("plusieurs communes possibles"),
    "outside_region": gettext_lazy("hors de la région"),
    "bad_point": gettext_lazy("coordonnées illisibles"),
    "swapped_point": gettext_lazy("latitude et longitude inversées"),
    "wrong_columns": gettext_lazy("trop ou trop peu de colonnes"),
    "malformed_row": gettext_lazy("ligne malformée"),
}
FIELDS = {
    "siret": gettext_lazy("SIRET"),
    "name": gettext_lazy("nom"),
    "kind": gettext_lazy("sorte"),
    "street": gettext_lazy("adresse"),
    "postcode": gettext_lazy("code postal"),
    "commune": gettext_lazy("commune"),
    "activities": gettext_lazy("activités"),
    "products": gettext_lazy("produits"),
    "phone": gettext_lazy("téléphone"),
    "email": gettext_lazy("courriel"),
    "website": gettext_lazy("site"),
    "opening_hours": gettext_lazy("horaires"),
    "pin": gettext_lazy("épingle"),
}


def code(name: str) -> str:
    return str(CODES.get(name, name))


def field(name: str) -> str:
    return str(FIELDS.get(name, name))


def value(name: str, text: str) -> str:
    """What stands in a field, in words where the importer has codes."""
    if name == "kind":
        return str(dict(PointOfSale.Kind.choices).get(text, text))
    if name in ("activities", "products"):
        return ", ".join(vocabulary().labels(filter(None, text.split(", ")), wording.language()))
    return text


def failure(error: ImportFailure) -> str:
    """Why an import did not take place, and what would do."""
    match error:
        case UnreadableFile():
            return _("Le fichier ne se lit pas. Comparez-le au modèle.")
        case Busy():
            return _("Une autre liste de votre chambre est en train d'être écrite : recommencez dans une minute.")
        case ChangedMeanwhile() | Interrupted():
            return _("L'annuaire a changé pendant l'écriture. Rien n'est écrit : recommencez.")
    return _("La liste n'a pas pu être comparée. Rien n'est écrit : écrivez-nous.")
