"""What a merchant agrees to when it publishes itself, and which words they were.

In French, whatever the page's language, so that a version stands for one text. It changes with the text; the text of
an older version is in the history of this file.
"""

from __future__ import annotations

from hashlib import sha256

TEXT = (
    "J'accepte que ma fiche (nom, adresse, activité, produits) soit publique dans l'annuaire « Local d'abord » de la "
    "région {region}, et réutilisable. Si ce nom est celui d'une personne, c'est le mien ou j'ai son accord.",
    "Mon adresse électronique n'est montrée à personne : elle sert à me connecter et à me prévenir. Je peux corriger "
    "ou supprimer ma fiche quand je veux.",
)
VERSION = f"inscription-{sha256(''.join(TEXT).encode()).hexdigest()[:8]}"


def text(region: str) -> list[str]:
    """The words as they are read, for the région of that name."""
    return [part.format(region=region) for part in TEXT]
