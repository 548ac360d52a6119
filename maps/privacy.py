"""What is kept of people, why, for how long and who sees it: the rows of the page on personal data.

Times come from the code that keeps them, so that the page cannot say others.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.claims import letters
from directory.owners import codes, leaving, retention

MONTH, YEAR = 30, 365


@dataclass(frozen=True, slots=True)
class Row:
    """`basis`: the mission of public interest, where nothing is said."""

    what: str
    why: str
    how_long: str
    who: str
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    slug: str
    title: str
    rows: tuple[Row, ...]


def groups() -> tuple[Group, ...]:
    """By whom it is about, those whom the service lists first."""
    return (
        Group("commercants", _("Commerçants"), (_entry(), _contacts(), _pin(), _line(), _history(), _left())),
        Group(
            "comptes",
            _("Comptes et inscriptions"),
            (_account(), _codes(), _access(), _registration(), _claim(), _notices()),
        ),
        Group("signalements", _("Personnes qui signalent une erreur"), (_report(), _reporter())),
        Group("agents", _("Agents des départements, des chambres et de la région"), (_agent(), _access(), _exports())),
    )


def lasting(time: timedelta) -> str:
    """A time in the words of the page: days, or whole months and years."""
    days = time.days
    if days >= YEAR:
        return ngettext("{n} an", "{n} ans", days // YEAR).format(n=days // YEAR)
    if days > 2 * MONTH:
        return _("{n} mois").format(n=days // MONTH)
    return ngettext("{n} jour", "{n} jours", days).format(n=days)


# --- Merchants -------------------------------------------------------------------------------------------------------
def _agreed() -> str:
    return _("Votre accord (article 6.1.a)")


def _entry() -> Row:
    _remind, stale, hidden = settings.FRESHNESS_DAYS
    return Row(
        _("Nom, adresse, SIRET, activité, produits, horaires, photos, liens"),
        _("Faire connaître les commerces de la région"),
        _(
            "Tant que le commerce existe. Sans confirmation depuis {stale}, la fiche le dit, et {more} après elle est "
            "masquée"
        ).format(stale=lasting(timedelta(days=stale)), more=lasting(timedelta(days=hidden))),
        _("Tout le monde, qui peut les réutiliser"),
    )


def _contacts() -> Row:
    return Row(
        _("Téléphone et courriel"),
        _("Être joint par qui vous choisissez"),
        _("Tant que vous les laissez ; la preuve de l'accord, avec ses dates, tant que la fiche existe"),
        _("Ceux que vous cochez : tout le monde, votre département, votre chambre. Personne si vous ne cochez rien"),
        basis=_agreed(),
    )


def _pin() -> Row:
    return Row(
        _("Position exacte d'un lieu dont l'adresse est cachée"),
        _("Mesurer les distances et l'accès à l'internet"),
        _("Comme la fiche"),
        _("Vous, les modérateurs et les agents de votre département. Le public voit le centre de la commune"),
    )


def _line() -> Row:
    return Row(
        _("Votre connexion internet, et le suivi de votre dossier"),
        _("Vous aider là où la ligne est lente"),
        _("Comme la fiche"),
        _("Les agents de votre département"),
    )


def _history() -> Row:
    return Row(
        _("Historique de chaque changement, et qui l'a fait"),
        _("Défaire une erreur, trancher un litige"),
        _("Comme la fiche"),
        _("Vous, par la copie de vos données, et les modérateurs"),
    )


def _left() -> Row:
    return Row(
        _("Après une suppression ou un retrait : une empreinte illisible du nom et du SIRET"),
        _("Qu'aucune liste ne remette la fiche"),
        _(
            "La fiche est masquée aussitôt, effacée avec son historique et ses photos après {days} jours ; l'empreinte "
            "reste"
        ).format(days=leaving.DAYS),
        _("Personne : elle ne se relit pas"),
    )


# --- Accounts --------------------------------------------------------------------------------------------------------
def _account() -> Row:
    return Row(
        _("Votre adresse électronique, la date de votre dernière connexion"),
        _("Vous connecter sans mot de passe, vous prévenir"),
        _("Tant qu'une fiche est à vous, puis {time}").format(time=lasting(retention.ACCOUNTS)),
        _("Vous et les modérateurs"),
    )


def _codes() -> Row:
    return Row(
        _("Empreintes de l'adresse et du code d'un courriel de connexion"),
        _("Vérifier le code, ne pas inonder une boîte"),
        _("Le code vaut {minutes} minutes ; l'empreinte est effacée le lendemain").format(
            minutes=int(codes.GOOD_FOR.total_seconds() // 60)
        ),
        _("Personne"),
    )


def _registration() -> Row:
    return Row(
        _("Une inscription commencée"),
        _("La reprendre où vous l'avez laissée"),
        _("{time} après la dernière étape").format(time=lasting(retention.REGISTRATIONS)),
        _("Vous"),
    )


def _claim() -> Row:
    return Row(
        _("Une demande de reprise d'une fiche, et son code"),
        _("Remettre la fiche à la bonne personne"),
        _("Accordée : comme la fiche. Refusée : {time}. Une lettre vaut {letter}").format(
            time=lasting(retention.DECIDED), letter=lasting(letters.VALID)
        ),
        _("Vous et les modérateurs"),
    )


def _notices() -> Row:
    return Row(
        _("Ce dont vous avez été prévenu"),
        _("Que rien ne change sans que vous le sachiez"),
        lasting(retention.DECIDED),
        _("Vous et les modérateurs"),
    )


# --- Who reports -----------------------------------------------------------------------------------------------------
def _report() -> Row:
    return Row(
        _("Ce que vous signalez d'une fiche, sans votre nom"),
        _("Corriger la fiche"),
        _("{time} après la décision").format(time=lasting(retention.DECIDED)),
        _("Les modérateurs, et le commerçant, sans votre adresse"),
    )


def _reporter() -> Row:
    return Row(
        _("Votre adresse électronique, si vous la donnez"),
        _("Vous dire la suite"),
        _("Jusqu'à la réponse : elle est alors effacée"),
        _("Les modérateurs"),
        basis=_agreed(),
    )


# --- Agents ----------------------------------------------------------------------------------------------------------
def _agent() -> Row:
    return Row(
        _("Votre nom, votre adresse, votre service, une empreinte de votre mot de passe"),
        _("Ne montrer un dossier qu'à qui le suit"),
        _("Tant que vous y travaillez"),
        _("Vous et les administrateurs"),
    )


def _access() -> Row:
    return Row(
        _("Vos connexions : l'heure, l'adresse réseau, le navigateur"),
        _("Reconnaître et arrêter une attaque"),
        lasting(retention.ACCESS),
        _("Les administrateurs"),
    )


def _exports() -> Row:
    return Row(
        _("Les fichiers que vous remettez, vos décisions et vos notes dans un dossier"),
        _("Savoir qui a remis quoi à qui"),
        _("Comme le dossier ; le registre des fichiers, sans fin"),
        _("Les agents du même département"),
    )
