"""The one-sentence answer: what is sold, by whom, with which labels and services. See sentences.py for the notation."""

from __future__ import annotations

import pytest

from directory.questions import Question
from tests.directory.sentences import Case, ids, near

WHAT = [
    Case(
        near(activities=("farm", "bakery"), products=("cheese", "honey")),
        5,
        "5 fermes ou boulangeries vendent du fromage ou du miel à moins de 10~km de Vendôme~;"
        " la plus proche est à 1,2~km.",
        "5 farms or bakeries sell cheese or honey within 10~km of Vendôme; the nearest is 1.2~km away.",
        1210.0,
    ),
    Case(
        near(activities=("farm", "restaurant")),
        1,
        "Une ferme ou un restaurant à moins de 10~km de Vendôme~; il est à 1,2~km.",
        "One farm or restaurant within 10~km of Vendôme; it is 1.2~km away.",
        1210.0,
    ),
    Case(
        near(activities=("farm", "restaurant")),
        4,
        "4 fermes ou restaurants à moins de 10~km de Vendôme~; le plus proche est à 1,2~km.",
        "4 farms or restaurants within 10~km of Vendôme; the nearest is 1.2~km away.",
        1210.0,
    ),
    Case(
        near(activities=("farm", "restaurant"), products=("eggs", "olive_oil")),
        0,
        "Aucune ferme ni aucun restaurant vendant des œufs ou de l'huile d'olive à moins de 10~km de Vendôme.",
        "No farm or restaurant sells eggs or olive oil within 10~km of Vendôme.",
    ),
    Case(
        Question(activities=("farm", "bakery", "restaurant"), products=("cheese", "honey", "bread")),
        9,
        "9 fermes, boulangeries ou restaurants vendent du fromage, du miel ou du pain en région Centre-Val de Loire.",
        "9 farms, bakeries or restaurants sell cheese, honey or bread in Centre-Val de Loire.",
    ),
    Case(
        Question(products=("cheese", "honey", "bread", "eggs", "milk", "butter")),
        9,
        "9 adresses vendent du fromage, du miel ou 4 autres produits en région Centre-Val de Loire.",
        "9 places sell cheese, honey or 4 other products in Centre-Val de Loire.",
    ),
    Case(
        Question(activities=("farm", "bar", "bakery", "potter")),
        9,
        "9 fermes, bars ou adresses de 2 autres types en région Centre-Val de Loire.",
        "9 farms, bars or places of 2 other kinds in Centre-Val de Loire.",
    ),
    Case(
        Question(activities=("farm", "bar", "bakery", "potter")),
        1,
        "Une ferme, un bar ou une adresse d'un autre type en région Centre-Val de Loire.",
        "One farm, bar or place of another kind in Centre-Val de Loire.",
    ),
    Case(
        Question(activities=("farm", "bar", "bakery", "potter")),
        0,
        "Aucune ferme, aucun bar ni aucune adresse de 2 autres types en région Centre-Val de Loire.",
        "No farm, bar or place of 2 other kinds in Centre-Val de Loire.",
    ),
    Case(
        Question(activities=("bike_shop",), products=("bike_repair",)),
        7,
        "7 magasins de vélos proposent la réparation de vélos en région Centre-Val de Loire.",
        "7 bike shops offer bike repair in Centre-Val de Loire.",
    ),
    Case(
        Question(products=("alterations", "bikes")),
        1,
        "Une adresse vend des vélos ou propose des retouches en région Centre-Val de Loire.",
        "One place sells bicycles or offers clothing alterations in Centre-Val de Loire.",
    ),
    Case(
        Question(products=("bikes", "bike_repair")),
        0,
        "Aucune adresse vendant des vélos ou proposant la réparation de vélos en région Centre-Val de Loire.",
        "No place sells bicycles or offers bike repair in Centre-Val de Loire.",
    ),
    Case(
        Question(products=("bike_repair", "car_repair", "shoe_repair", "phone_repair")),
        2,
        "2 adresses proposent la réparation de vélos, la réparation automobile ou 2 autres prestations"
        " en région Centre-Val de Loire.",
        "2 places offer bike repair, car repair or 2 other services in Centre-Val de Loire.",
    ),
]

QUALITIES = [
    Case(
        near(activities=("farm",), products=("cheese",), labels=("organic",)),
        12,
        "12 fermes en agriculture biologique vendent du fromage à moins de 10~km de Vendôme~;"
        " la plus proche est à 2,3~km.",
        "12 farms certified organic sell cheese within 10~km of Vendôme; the nearest is 2.3~km away.",
        2300.0,
    ),
    Case(
        Question(activities=("farm",), products=("honey",), services=("delivery",)),
        4,
        "4 fermes avec livraison vendent du miel en région Centre-Val de Loire.",
        "4 farms with delivery sell honey in Centre-Val de Loire.",
    ),
    Case(
        Question(labels=("bienvenue_a_la_ferme",), services=("farm_visit", "wheelchair_access")),
        2,
        "2 adresses du réseau Bienvenue à la ferme avec visite de la ferme ou avec accès fauteuil roulant"
        " en région Centre-Val de Loire.",
        "2 places in the Bienvenue à la ferme network and with farm visits or with wheelchair access"
        " in Centre-Val de Loire.",
    ),
    Case(
        Question(activities=("winery",), products=("vouvray",), labels=("organic", "demeter")),
        0,
        "Aucun domaine viticole en agriculture biologique ou en biodynamie Demeter vendant du vouvray"
        " en région Centre-Val de Loire.",
        "No winery certified organic or with Demeter biodynamic certification sells Vouvray wine"
        " in Centre-Val de Loire.",
    ),
    Case(
        Question(labels=("organic", "aop", "igp", "hve"), services=("delivery", "takeaway", "eat_in", "online_shop")),
        3,
        "3 adresses en agriculture biologique, en appellation d'origine protégée ou avec l'un de 2 autres labels"
        " avec livraison, avec vente à emporter ou avec l'un de 2 autres services en région Centre-Val de Loire.",
        "3 places certified organic, with a Protected Designation of Origin or with one of 2 other labels"
        " and with delivery, with takeaway or with one of 2 other services in Centre-Val de Loire.",
    ),
]


@pytest.mark.parametrize("case", WHAT, ids=ids(WHAT))
def test_what_is_sold_and_by_whom(case: Case):
    case.check()


@pytest.mark.parametrize("case", QUALITIES, ids=ids(QUALITIES))
def test_labels_and_services(case: Case):
    case.check()
