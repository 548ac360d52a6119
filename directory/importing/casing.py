"""Names and streets given in capitals, in the case that people write.

The rule (docs/importing.md): a text with any small letter is somebody's choice and stays as it is. In one that has
none, words get a capital, articles and links between them a small letter ("Le Bistrot d'Arian"), legal forms, words
with a digit, with inner dots or without a vowel stay ("EARL", "WOK41", "J.C.C.", "BFV"). Nothing is spelt out, no
accent is guessed; the apostrophe that registers drop is put back ("RTE D ORLEANS": "Rte d'Orleans").
"""

from __future__ import annotations

import re
from functools import lru_cache

from geo.folding import fold


def words(text: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(text.split())


LEGAL_FORMS = words("earl sarl eurl gaec sas sasu snc scea sa scic scop sca sci sica gfa gie cuma selarl sce scs")
KEPT = LEGAL_FORMS | words("amap bbq bp cat cc cd cfa ehpad esat kfc pmu rd rn usa za zac zae zi")
SMALL = words("le la les de du des et a à au aux en sur sous par pour ou un une chez vers dans")
SIGN_ARTICLES = words("le la les l au aux un une")
# Before an apostrophe: the word that follows is a word of its own. Elsewhere ("P'tit") it is the end of one.
ELIDED = words("l d j m n s t c o qu jusqu lorsqu puisqu quelqu presqu entr")
# Abbreviations without a vowel that are words all the same.
SHORT_WORDS = words("mc st sts pl bd bld dr gd gds pt pts ch fg lt cdt mgr mr mrs nd crs sq vx")

_GLUED_COMMA = re.compile(r",(?=[^\W\d_])")
_LONE_ELISION = re.compile(r"(?<!\d )\b([LD]) (?=[AEIOUYHÀÂÉÈÊËÎÏÔÛŒ])")
_CORE = re.compile(r"^(\W*)(.*?)(\W*)$", re.DOTALL)
_NUMBERED = re.compile(r"(\d+)(BIS|TER|QUATER|EME|ÈME|ER|E|NDE?|[A-Z])")
_ROMAN = re.compile(r"X{0,3}(?:IX|IV|VI{0,3}|I{1,3})")
_SCOTTISH = re.compile(r"MC([A-Z]{3,})")
_BREAKS = frozenset("-–/|,")
_OPENING = '("«“['


def tidy(text: str) -> str:
    """The text with single spaces."""
    return " ".join(text.split())


def in_french_case(text: str) -> str:
    """The text in the case that people write, when it is all in capitals; else as it is, with single spaces."""
    text = tidy(text)
    if text.upper() != text or text.lower() == text:
        return text
    if "," in text:
        text = _GLUED_COMMA.sub(", ", text)
    if " L " in text or " D " in text or text[1:2] == " ":
        text = _LONE_ELISION.sub(r"\1'", text)
    chunks = text.split(" ")
    begun = False
    words = []
    previous = ""
    for i, chunk in enumerate(chunks):
        opens = not begun or chunk[0] in _OPENING or previous[-1:] in _BREAKS
        if previous.lower() in LEGAL_FORMS:  # "EURL La P'tite Boucherie", but "EARL du Feulard"
            opens = opens or chunk.split("'")[0].lower() in SIGN_ARTICLES
        if chunk == "A" and chunks[i + 1 : i + 2] and chunks[i + 1].isdigit():  # the motorway A 10
            opens = True
        words.append(_chunk(chunk, opens))
        begun = begun or chunk.lower() != chunk  # the text is in capitals: this one has a letter
        previous = chunk
    return " ".join(words)


@lru_cache(maxsize=65536)
def _chunk(chunk: str, first: bool) -> str:
    before, core, after = _CORE.match(chunk).groups()  # type: ignore[union-attr]
    if "." in core or "&" in core:
        return chunk
    if any(letter.isdigit() for letter in core):
        numbered = _NUMBERED.fullmatch(core)
        suffix = numbered[2] if numbered else ""
        return f"{before}{numbered[1]}{suffix.lower()}{after}" if numbered and len(suffix) > 1 else chunk
    parts = core.split("-")
    return before + "-".join([_part(parts[0], first), *(_part(part, False) for part in parts[1:])]) + after


def _part(part: str, first: bool) -> str:
    """One word, perhaps with apostrophes."""
    pieces = re.split(r"(['’])", part)
    if len(pieces) == 1:
        return _word(part, first)
    written = [_before_apostrophe(pieces[0], first)]
    for i in range(1, len(pieces) - 1, 2):
        is_own_word = pieces[i - 1].lower() in ELIDED
        written += [pieces[i], _word(pieces[i + 1], True) if is_own_word else pieces[i + 1].lower()]
    return "".join(written)


def _before_apostrophe(word: str, first: bool) -> str:
    lower = word.lower()
    if lower in ELIDED and lower != "o" and not first:
        return lower
    scottish = _SCOTTISH.fullmatch(word)
    return f"Mc{scottish[1].capitalize()}" if scottish else word.capitalize()


def _word(word: str, first: bool) -> str:
    lower = word.lower()
    if lower in KEPT or _ROMAN.fullmatch(word):
        return word
    if lower in SMALL:
        return word.capitalize() if first else lower
    if len(word) > 1 and lower not in SHORT_WORDS and not set(fold(word)) & set("aeiouy"):
        return word
    if scottish := _SCOTTISH.fullmatch(word):
        return f"Mc{scottish[1].capitalize()}"
    return word.capitalize()
