"""The words that are read to a merchant before anything of it is published, and which words they were.

In French, whatever the page's language: they are read aloud. The version changes with the text, so that none can be
changed under an old one; the text of an older version is in the history of this file.
"""

from __future__ import annotations

from hashlib import sha256

READ_ALOUD = (
    "Avec votre accord, {chamber} inscrit votre activité dans l'annuaire « Local d'abord » de la région {region}. "
    "Votre fiche (nom, adresse, activité, produits, horaires) sera publique et réutilisable.",
    "Votre téléphone et votre adresse électronique ne sont montrés qu'à ceux que vous choisissez : tout le monde, "
    "votre département, votre chambre, qui vous prévient alors par courriel ; ou à personne.",
    "Vous n'avez aucune obligation. Vous pouvez corriger la fiche, la reprendre vous-même ou la faire retirer, quand "
    "vous voulez, par le lien que nous vous remettons ou en écrivant à {email}.",
)
VERSION = f"saisie-{sha256(''.join(READ_ALOUD).encode()).hexdigest()[:8]}"
