"""What a merchant agrees to when it publishes itself, and which words they were.

In French, whatever the page's language (directory/wordings.py).
"""

from __future__ import annotations

from directory.wordings import version

TEXT = (
    "J'accepte que ma fiche (nom, adresse, activité, produits) soit publique dans l'annuaire « Local d'abord » de la "
    "région {region}, et réutilisable. Si ce nom est celui d'une personne, c'est le mien ou j'ai son accord.",
    "Mon adresse électronique n'est montrée à personne : elle sert à me connecter et à me prévenir. Je peux corriger "
    "ou supprimer ma fiche quand je veux.",
)
VERSION = version("inscription", TEXT)


def text(region: str) -> list[str]:
    """The words as they are read, for the région of that name."""
    return [part.format(region=region) for part in TEXT]
