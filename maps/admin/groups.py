"""The group "Agents de la région": what its members may do in the admin.

An agent needs a staff account ("Statut équipe") in this group, nothing else:

- `view` and `change` on Merchant, PointOfSale, Offer, MerchantLabel, Consent: they correct, moderate, place pins.
  `view_merchant` is also what shows phone numbers and e-mail addresses;
- `add` on Offer, MerchantLabel, Consent: lines of a merchant's page. A consent is withdrawn, never deleted;
- `view`, `change` on Duplicate, Merge, TermProposal: what moderators decide;
- `view`, `change`, `add` on Feed, `view` on what its passages did;
- `view`, `change`, `add` on Platform and SoldOn; `delete` on SoldOn: a merchant that leaves a platform leaves no line;
- `view`, `change`, `add` on Selection: one that is over stays at its address, one that should not is unpublished;
- `view` and `change` on Report, Claim, Deletion: they decide; `view` and `add` on LetterBatch: they print letters;
- `view` on the schedules, sources, vocabulary and ground: to look up and to choose from lists.

No other `delete` anywhere (a point of sale is closed, a platform hidden), no right on accounts, groups or log-in
attempts. The two queues ("Épingles douteuses", "Fiches à modérer") ask for the rights on PointOfSale.
"""

from __future__ import annotations

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.db import DEFAULT_DB_ALIAS

AGENTS = "Agents de la région"
RIGHTS: dict[str, dict[str, tuple[str, ...]]] = {
    "directory": {
        "merchant": ("view", "change"),
        "pointofsale": ("view", "change"),
        "offer": ("view", "change", "add"),
        "merchantlabel": ("view", "change", "add"),
        "consent": ("view", "change", "add"),
        "platform": ("view", "change", "add"),
        "feed": ("view", "change", "add"),
        "feedrun": ("view",),
        "soldon": ("view", "change", "add", "delete"),
        "selection": ("view", "change", "add"),
        "report": ("view", "change"),
        "claim": ("view", "change"),
        "deletion": ("view", "change"),
        "letterbatch": ("view", "add"),
        "duplicate": ("view", "change"),
        "merge": ("view", "change"),
        "termproposal": ("view", "change"),
        "schedule": ("view",),
        "source": ("view",),
        "sourcerecord": ("view",),
        "activity": ("view",),
        "product": ("view",),
        "label": ("view",),
        "service": ("view",),
    },
    "geo": {"departement": ("view",), "epci": ("view",), "commune": ("view",)},
}


def agent_codenames() -> set[tuple[str, str]]:
    """(app, codename) of every permission of an agent."""
    return {
        (app, f"{verb}_{model}") for app, models in RIGHTS.items() for model, verbs in models.items() for verb in verbs
    }


def ensure_agent_group(using: str = DEFAULT_DB_ALIAS) -> None:
    """Create the group, or give it the rights that it lacks. Called after every `migrate`; takes nothing away."""
    # Not importable before the apps are ready, which is when this module is read.
    from django.contrib.auth.models import Group, Permission

    for app in RIGHTS:
        # Permissions are made app by app, and this may be called before the others' turn.
        create_permissions(apps.get_app_config(app), verbosity=0, using=using)
    wanted = agent_codenames()
    rows = Permission.objects.using(using).filter(content_type__app_label__in=RIGHTS).select_related("content_type")
    group, _ = Group.objects.using(using).get_or_create(name=AGENTS)
    group.permissions.add(*[row for row in rows if (row.content_type.app_label, row.codename) in wanted])
