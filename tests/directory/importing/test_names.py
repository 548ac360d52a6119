"""Names and streets in French case; which names are natural persons'."""

from __future__ import annotations

import pytest

from directory.importing.casing import in_french_case
from directory.importing.people import designates_person, given_names, public_name


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("LE BISTROT D'ARIAN", "Le Bistrot d'Arian"),
        ("AU P'TIT COIN", "Au P'tit Coin"),
        ("L'ENTRECOTE", "L'Entrecote"),
        ("EARL DU FEULARD", "EARL du Feulard"),
        ("EURL LA P'TITE BOUCHERIE", "EURL La P'tite Boucherie"),
        ("GAEC DE L'ARC EN CIEL", "GAEC de l'Arc en Ciel"),
        ("VERDIER JEAN-LOUIS", "Verdier Jean-Louis"),
        ("LA ROSE DES SABLES - LE COUSCOUS", "La Rose des Sables - Le Couscous"),
        ("RESTAURANT SAINT JEAN II", "Restaurant Saint Jean II"),
        ("L'AUBERGE DU 12EME SIECLE", "L'Auberge du 12eme Siecle"),
        ("MCDONALD'S FRANCE", "McDonald's France"),
        ("O'BLEND", "O'Blend"),
        ("WOK41", "WOK41"),
        ("J.C.C. VIANDES", "J.C.C. Viandes"),
        ("BFV", "BFV"),
        ("S N V", "S N V"),
        ('CAFE, RESTAURANT "LE VINCI"', 'Cafe, Restaurant "Le Vinci"'),
        ("ÉPICERIE DE L'ÉGLISE", "Épicerie de l'Église"),
        # Somebody chose this case.
        ("EARL La Petite Garenne", "EARL La Petite Garenne"),
        ("Mac donald's", "Mac donald's"),
        ("GODARD  Aurélie", "GODARD Aurélie"),
        # Streets
        ("5 RUE DE L'ANCIENNE GARE", "5 Rue de l'Ancienne Gare"),
        ("1 RUE DE L EGLISE", "1 Rue de l'Eglise"),
        ("374 RTE D ORLEANS", "374 Rte d'Orleans"),
        ("12 D AVENUE FOCH", "12 D Avenue Foch"),
        ("24,RUE DES GALARIS, LE CAVEREAU", "24, Rue des Galaris, Le Cavereau"),
        ("AUTOROUTE A 11", "Autoroute A 11"),
        ("10 BIS, BD DU MAIL", "10 Bis, Bd du Mail"),
        ("LE BOURG", "Le Bourg"),
        ("2 place de l'église", "2 place de l'église"),
        ("", ""),
        ("72 74 76", "72 74 76"),
    ],
)
def test_case(given, shown):
    assert in_french_case(given) == shown
    assert in_french_case(shown) == shown, "the second time changes nothing"


@pytest.mark.parametrize(
    "name",
    [
        "CHERY SERGE", "GODARD Aurélie", "SIMON  Pascal", "ANTOINE HUET", "VERDIER JEAN-LOUIS", "GALOPIN JEAN YVES",
        "BERTHELOT MYRIAM MICHELE JEANNE", "DA ROCHA PEDRO MANUEL", "YAHYAOUI ABDELBASSET", "ATASEVER UMIT",
        "RENAULT THUY", "STEENKERSTE IDA", "LE COUSIN SOLENNE", "LE GALL DAMIEN", "DAVID ET ALAIN MARTIGNON",
        "MONSIEUR PASCAL LEDIEU", "M. DUPONT", "MME MARTIN-DUVAL", "M. ET MME DURAND", "DUPONT JEAN EIRL", "MLLE X",
        "PETIT MARIE", "MOULIN Jean", "D'ANGELO BRUNO", "DUPONT, Jean",
    ],
)  # fmt: skip
def test_persons(name):
    assert designates_person(name)


@pytest.mark.parametrize(
    "name",
    [
        "LE BISTROT D'ARIAN", "CHEZ JACQUES", "LE CAFE MARCEL", "LE SAINT THOMAS", "LE PETIT NICOLAS", "PIZZA YASMINE",
        "BOUCHERIE DOUNIA", "EARL GERVOIS JEAN MARIE", "EURL ANDRE PASCAL", "SARL ZAHRA", "SAS CESAR ET FIRMIN",
        "AGATHE ET CHARLOTTE", "ALI BABA", "MARCO POLO FOODS", "VERT MARINE", "METRO FRANCE", "PARIS", "ANGELO",
        "M.G. VIENNE", "M.I. TOUMI", "M PIZZA", "PC CLEMENT", "WOK 18", "GUILLOT & DUMONT", "PARIS ISTANBUL", "",
        "COLLEGE PIERRE ET MARIE CURIE", "MAISON LEROY", "GAEC LEMEY FRERES", "L'ORIENTAL", "LE", "DUPONT",
    ],
)  # fmt: skip
def test_signs_and_companies(name):
    assert not designates_person(name)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("SAUMONERIE DU GATINAIS (GENET Stéphane)", "Saumonerie du Gatinais"),
        ("BAR RESTAURANT DE L'AVENUE (MONSIEUR RODOLPHE LEFORT)", "Bar Restaurant de l'Avenue"),
        ("LES MAISONS ROUGES  (GIRAUD)", "Les Maisons Rouges"),
        ("CHEZ ALI BABA (Séçil TEKE)", "Chez Ali Baba"),
        ("LA GIVRAINIERE (SARL) (THIERCELIN FABRICE)", "La Givrainiere (SARL)"),
        ("GOZAP (Kiosque à Pizza)", "GOZAP (Kiosque à Pizza)"),
        ("PACHAMAR (GARDEN ICE CAFE)", "Pachamar (Garden Ice Cafe)"),
        ("COTTERIE (EARL DE LA)", "EARL de la Cotterie"),
        ("GATINES (EARL LES) BARON BENOIT", "EARL Les Gatines"),
        ("ARC (GAEC DE L')", "GAEC de l'Arc"),
    ],
)
def test_brackets_of_a_sign_lose_their_persons(given, shown):
    name = public_name(given)
    assert name.text == shown
    assert not name.natural_person


def test_a_person_with_a_trade_between_brackets_is_a_person():
    assert public_name("DAVAU JEROME (BOUCHERIE CHARCUTERIE)").natural_person
    assert public_name("(DAVAU JEROME)").natural_person


def test_the_list_of_given_names():
    names = given_names()
    assert len(names) > 2000
    assert {"serge", "abdelbasset", "umit", "thuy", "joaquim"} <= names
    assert not {"france", "paris", "le", "et"} & names
    assert all(name.isascii() and name.isalpha() and name.islower() for name in names)
