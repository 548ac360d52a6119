"""The words that people agree to, and which words they were.

In French, whatever the page's language, so that a version stands for one text. It changes with the text, so that none
can be changed under an old one; the text of an older version is in the history of its file.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from directory.models import Consent

Field, Audience = Consent.Field, Consent.Audience


def version(subject: str, texts: Iterable[str]) -> str:
    """What stands for these texts in a row."""
    return f"{subject}-{sha256(''.join(texts).encode()).hexdigest()[:8]}"


# What an owner ticks, one by one, in its space.
SHOWN = {
    (Field.PHONE, Audience.PUBLIC): (
        "J'accepte que mon téléphone soit montré à tout le monde : sur ma fiche et dans l'API, d'où d'autres peuvent "
        "le recopier."
    ),
    (Field.PHONE, Audience.DEPARTEMENT): (
        "J'accepte que mon téléphone soit montré aux agents de mon département, pour m'appeler au sujet de ma "
        "connexion internet."
    ),
    (Field.PHONE, Audience.CHAMBER): (
        "J'accepte que mon téléphone soit montré aux agents de ma chambre consulaire, pour m'accompagner."
    ),
    (Field.EMAIL, Audience.PUBLIC): (
        "J'accepte que mon courriel soit montré à tout le monde : sur ma fiche et dans l'API, d'où d'autres peuvent "
        "le recopier."
    ),
    (Field.EMAIL, Audience.DEPARTEMENT): (
        "J'accepte que mon courriel soit montré aux agents de mon département, pour m'écrire au sujet de ma "
        "connexion internet."
    ),
    (Field.EMAIL, Audience.CHAMBER): (
        "J'accepte que mon courriel soit montré aux agents de ma chambre consulaire, pour m'accompagner."
    ),
}
SHOWN_VERSION = version("coordonnees", SHOWN.values())
