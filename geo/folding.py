"""Text folded to what people mean by it: no case, no accents, no punctuation; and the wording of French place names."""

from __future__ import annotations

import re
import unicodedata

# Letters that Unicode does not decompose into a base letter and an accent.
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")

ARTICLES = frozenset({"le", "la", "les", "l"})
# Words that tie the parts of a name together and that people drop or confuse ("Cloyes sur Loir").
LINKS = frozenset({"de", "du", "des", "d", "sur", "sous", "en", "a", "au", "aux", "et", "pres"})
SMALL_WORDS = ARTICLES | LINKS

# "s/s" and "s/" must be read before folding, which drops the slash.
_SLASH_UNDER = re.compile(r"\bs\s*/\s*s\b(?!\s*/)", re.IGNORECASE)
_SLASH_ON = re.compile(r"\bs\s*/", re.IGNORECASE)
WRITTEN_OUT = {
    "st": "saint",
    "ste": "sainte",
    "sts": "saints",
    "stes": "saintes",
    "ss": "sous",
    "lez": "les",
    "nd": "notre dame",
}


def one_line(text: str) -> str:
    """What is to be seen of a text, on one line: no control characters, nor those that turn the writing around."""
    return " ".join("".join(char for char in text if char.isprintable() or char.isspace()).split())


def fold(text: str) -> str:
    """Lower case, without accents or ligatures, every run of anything but letters and digits as one space.

    `fold("Œuvre d'Été - N°2")` is `"oeuvre d ete n 2"`. Folding twice changes nothing.
    """
    if text.isascii():
        folded = text.lower()
    else:
        # Case folding can bring marks back ("İ"), hence the second decomposition.
        decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
        folded = "".join(char for char in decomposed if not unicodedata.combining(char)).translate(_LETTERS)
    return _NOT_ALPHANUMERIC.sub(" ", folded).strip()


def place_words(text: str) -> list[str]:
    """The words of a place's name, abbreviations written out: "La Chapelle s/ Loire", "St-Amand", "N.-D. d'Oé"."""
    words = fold(_SLASH_ON.sub(" sur ", _SLASH_UNDER.sub(" sous ", text))).split()
    last = len(words) - 1
    written: list[str] = []
    for i, word in enumerate(words):
        if word == "s" and 0 < i < last:
            written.append("sur")  # "LA CHAPELLE S LOIRE", as files without a slash have it
        elif word == "d" and i == 1 and words[0] == "n":
            written[-1:] = ["notre", "dame"]
        else:
            written.extend(WRITTEN_OUT.get(word, word).split())
    return written


def place_key(text: str) -> str:
    """A place's name as compared: `place_words` joined. Equal for "St Amand-Montrond" and "SAINT-AMAND MONTROND"."""
    return " ".join(place_words(text))


def loose_key(words: list[str] | tuple[str, ...]) -> str:
    """The words that carry the name, without articles and links; empty when there are none."""
    return " ".join(word for word in words if word not in SMALL_WORDS)


def without_article(words: list[str] | tuple[str, ...]) -> list[str]:
    """The words after leading articles ("La Ferté" as "ferte"); all of them when nothing else is there."""
    start = next((i for i, word in enumerate(words) if word not in ARTICLES), 0)
    return list(words[start:])
