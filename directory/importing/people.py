"""Whether a name given by a source designates a natural person, and what of it may be shown.

A person's name is personal data even on a shop's sign: such an entry waits for its owner or a moderator. A company or
trade name that merely mentions a person between brackets ("SAUMONERIE DU GATINAIS (GENET Stéphane)") is shown without
the brackets. Rules and their figures on real data: docs/importing.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from directory.importing.casing import LEGAL_FORMS, in_french_case, tidy, words
from geo.folding import fold

GIVEN_NAMES_FILE = settings.BASE_DIR / "fixtures" / "given_names_fr.txt"

TITLES = words("m mr mme mlle mm mmes monsieur madame mademoiselle messieurs mesdames")
# A person trading alone: these are legal forms, of a natural person.
SOLE_TRADER = frozenset({"ei", "eirl"})
ARTICLES = words("la les l un une au aux du des a à chez o d")
# Inside surnames: they say nothing either way and are not counted among the words.
PARTICLES = words("de da do dos das di del della van von der den el al ben ould bint")
COMPANY_WORDS = LEGAL_FORMS | words(
    """
    ass asso association associes centre cie clinique college commune compagnie coop cooperative creche ctre
    diffusion dis distribution docteur ecol ehpad entr entreprise etablissement etablissements ets fils foyer
    france frere freres groupe groupement hopital industrie industries international lycee mairie residence
    service services soc societe soeur soeurs ste
    """
)
# Words of shop signs that are not surnames: "boulangerie" is here, "boulanger" is not.
TRADE_WORDS = words(
    """
    abattoir affineur agneau alimentaire alimentation allo amis antan aperitif asiatique asie atelier auberge
    baba baguette bar beer bella bergerie biere bio bistro bistrot bleu bleue bocal boeuf bonnes bouche bouchee
    boucherie boucheries boulangerie boutique brasserie brioche brocante bruncherie buffet burger burgers
    buvette cabane cafe cafeteria camion campagne cantine casa case cash caves cellier cent chalet chambre
    charcuterie chef chevrerie chinois choco chocolat chocolaterie cidre cite clos club coccinelle coin comme
    comptoir confiserie conserverie corner couscous creation creperie croissant croissanterie crousti cuisine
    deli delice delices deux dolce domaine don dore doree douceur douceurs drive eau ecole ecu ecurie elevage
    epi epicerie escale escargot espace esprit etal etoile express fabrique faim ferme fermiere festin festins
    fleurs food foods fournil fours fraiche frais francais francaise fresh friterie fromage fromagerie fruits
    garage gourmand gourmande gourmandise gourmandises gourmet gout grande green grill guinguette halal halle
    halles hostellerie hotel house huilerie ice il ile indien istanbul italia italie italien italienne japon
    jardins kebab king kiosque kitchen kong labo laboratoire lait laiterie legumes little loisirs lounge lunch
    ma magasin mai maison mama mamie mamma maraichers marche market mer mere mie miel mon montagne nature noire
    nouveau nouvelle ocean oie olive or orient oriental pain pains palais panier papa papi parc pasta patisserie
    peche pere petite petites petits pizza pizzas pizzeria place plage plaisir plaisirs plateau poissonnerie
    potager poulets pre premier presto primeur primeurs produits provence pub quai quick ranch rapide relais
    repas restaurant restauration resto restos rotisserie rouge royale rue saint sainte salade salaisons salon
    san sandwich santa sauce saveur saveurs sel shop simply snack soleil sources st sucre sucree super superette
    supermarche sushi sushis table tacos tapas taverne tavola temps terre terroir terroirs thai the tonton
    torrefaction tradition traditions traiteur trois truck vapeur vert verte viande viandes vie viennoiserie
    vigne vignes villa villages vin vins volaille volailles wok world zen
    """
)
# Words of signs that are surnames as well ("PETIT Marie", "MOULIN Jean"): they only speak against a person after "LE".
SIGN_OR_SURNAME = words(
    """
    basse bazar bois bon bonne castel cave champetre chateau chevre cochon comte cote fermier four grand grange
    jardin lion mare monde moulin neuf noir paradis pate paysan petit poisson pomme pont port poulet prince roi
    royal terrasse tour vache val vallee verger vieille vieux village ville
    """
)
# "LE" stands before a trade name ("LE SAINT THOMAS") and in Breton surnames ("LE GALL DAMIEN").
BRETON_ARTICLE = "le"
MAX_WORDS = 4

_BRACKETS = re.compile(r"\s*\(([^()]*)\)")
_INVERTED = re.compile(
    r"^([^()]+?)\s*\(\s*(EARL|GAEC|SCEA|SARL|EURL|SAS|SNC|SCI|GFA)\s+(LES?|LA|L'|DE LA|DE L'|DES?|DU|D')\s*\)\s*(.*)$",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(r"[\s,/]+")
_VOWELS = frozenset("aeiouy")
_INITIALS = re.compile(r"(?:[^\W\d_]\.){2,}")


@dataclass(frozen=True, slots=True)
class PublicName:
    """What is shown, and whether that names a natural person."""

    text: str
    natural_person: bool


@lru_cache(maxsize=1)
def given_names() -> frozenset[str]:
    """The given names of the fixture, folded."""
    lines = GIVEN_NAMES_FILE.read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def public_name(raw: str) -> PublicName:
    """The name to show for what a source gives, in French case, without the persons between its brackets."""
    text = tidy(raw)
    if "(" not in text:
        return PublicName(in_french_case(text), designates_person(text))
    text = _uninverted(text)
    outside = tidy(_BRACKETS.sub(" ", text))
    if not outside:  # all of it stands between brackets
        return PublicName(in_french_case(text), designates_person(text.strip("() ")))
    if designates_person(outside):
        return PublicName(in_french_case(text), True)
    shown = tidy(_BRACKETS.sub(lambda found: "" if _is_mention(found[1]) else f" {found[0].strip()}", text))
    return PublicName(in_french_case(shown), False)


def designates_person(name: str) -> bool:
    """Whether a name, without brackets, is that of one or more natural persons."""
    if _INITIALS.search(name):
        return False
    tokens = [folded for folded in map(_folded, _SEPARATORS.split(name)) if folded]
    titled = bool(tokens) and tokens[0] in TITLES
    sole_trader = bool(SOLE_TRADER & set(tokens))
    pair = "et" in tokens or "&" in name
    parts = [part for part in tokens if part not in TITLES and part not in SOLE_TRADER and part != "et"]
    if parts and parts[0] == BRETON_ARTICLE:
        parts = parts[1:]
        if len(parts) < 2 or not _is_given(parts[-1]) or _is_given(parts[0]) or SIGN_OR_SURNAME & set(parts):
            return titled or sole_trader
    if not parts or any(not _may_be_in_a_name(part) for part in parts):
        return False
    if titled or sole_trader:
        return True
    counted = [part for part in parts if part not in PARTICLES]
    given = sum(_is_given(word) for word in counted)
    if pair:  # "DAVID ET ALAIN MARTIGNON" are two persons, "AGATHE ET CHARLOTTE" is a sign
        return len(counted) in (3, 4) and 0 < given < len(counted)
    return 2 <= len(counted) <= MAX_WORDS and given > 0


# Words come again and again in a file: these three are asked for each word of each name.
@lru_cache(maxsize=65536)
def _folded(word: str) -> str:
    return fold(word)


@lru_cache(maxsize=65536)
def _is_given(token: str) -> bool:
    return all(part in given_names() for part in token.split())


@lru_cache(maxsize=65536)
def _may_be_in_a_name(token: str) -> bool:
    """Neither an article, a trade's or company's word, a number nor an acronym."""
    parts = token.split()
    if parts[0] in ("d", "o") and len(parts) == 2:  # "D'ANGELO", "O'BRIEN"
        parts = parts[1:]
    return all(
        part.isalpha()
        and part not in ARTICLES
        and part != BRETON_ARTICLE
        and part not in TRADE_WORDS
        and part not in COMPANY_WORDS
        and (len(part) == 1 or bool(_VOWELS & set(part)))
        for part in parts
    )


def _is_mention(inside: str) -> bool:
    """Whether brackets only mention a person: a full name, "Prénom NOM", or a lone word that is no trade's.

    Dropping them loses little, since the name outside stays; hence the wider net than for the name itself.
    """
    if designates_person(inside):
        return True
    tokens = inside.split()
    if not tokens or not all(_may_be_in_a_name(fold(token) or "1") for token in tokens):
        return False
    if len(tokens) == 1:
        return len(tokens[0]) > 4
    return len(tokens) == 2 and {tokens[0].isupper(), tokens[1].isupper()} == {True, False}


def _uninverted(text: str) -> str:
    """ "COTTERIE (EARL DE LA)" as "EARL DE LA COTTERIE", without the person who may stand after it."""
    found = _INVERTED.match(text)
    if found is None:
        return text
    head, form, article, tail = found.groups()
    space = "" if article.endswith("'") else " "
    kept = "" if not tail or designates_person(tail) else f" {tail}"
    return f"{form} {article}{space}{head}{kept}"
