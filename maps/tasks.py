"""Work in the background that ends in an e-mail: beside directory/tasks.py, which knows of no page."""

from __future__ import annotations

from procrastinate.contrib.django import app

from directory.moderating.gathering import gather
from directory.owners import codes, freshness
from maps import telling_owners
from maps.space import confirming


# An owner gets one an hour at most; asked more often, who waits is told sooner after that hour.
@app.periodic(cron="*/10 * * * *")
@app.task(name="tell_owners", queueing_lock="tell_owners")
def tell_owners(timestamp: int) -> int:
    """Tell owners what others changed in their entries; how many e-mails left."""
    gather()
    return telling_owners.send()


@app.periodic(cron="15 8 * * *")
@app.task(name="keep_fresh", queueing_lock="keep_fresh")
def keep_fresh(timestamp: int) -> int:
    """Ask owners whether their entries are still right, and hide what nobody confirms; how many were looked at."""
    return freshness.run(confirming.tell)


@app.periodic(cron="55 3 * * *")
@app.task(name="forget_codes", queueing_lock="forget_codes")
def forget_codes(timestamp: int) -> int:
    """Delete the codes that owners signed in by; how many."""
    return codes.forget()
