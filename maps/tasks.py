"""Work in the background that ends in an e-mail: beside directory/tasks.py, which knows of no page."""

from __future__ import annotations

from procrastinate.contrib.django import app

from directory.moderating.gathering import gather
from maps import telling_owners


# An owner gets one an hour at most; asked more often, who waits is told sooner after that hour.
@app.periodic(cron="*/10 * * * *")
@app.task(name="tell_owners", queueing_lock="tell_owners")
def tell_owners(timestamp: int) -> int:
    """Tell owners what others changed in their entries; how many e-mails left."""
    gather()
    return telling_owners.send()
