"""The words that are read to a merchant before anything of it is published, and which words they were.

In French, whatever the page's language: they are read aloud (directory/wordings.py).
"""

from __future__ import annotations

from directory.wordings import version

READ_ALOUD = (
    "Avec votre accord, {chamber} inscrit votre activité dans l'annuaire « Local d'abord » de la région {region}. "
    "Votre fiche (nom, adresse, activité, produits, horaires) sera publique et réutilisable.",
    "Votre téléphone et votre adresse électronique ne sont montrés qu'à ceux que vous choisissez : tout le monde, "
    "votre département, votre chambre, qui vous prévient alors par courriel ; ou à personne.",
    "Vous n'avez aucune obligation. Vous pouvez corriger la fiche, la reprendre vous-même ou la faire retirer, quand "
    "vous voulez, par le lien que nous vous remettons ou en écrivant à {email}.",
)
VERSION = version("saisie", READ_ALOUD)
