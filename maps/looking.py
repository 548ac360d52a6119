"""Pages that look an address up for whoever asks: each so many, or one script would leave none to the others."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.http import HttpRequest

from directory.ratelimit import RateLimiter
from directory.visitors import client_address
from geo.geocoding.allowance import on_account_of
from maps.desk.common import View

# For each client address: a market hall's worth at once. Made before workers part.
looking = RateLimiter(rate=60 / 3600, burst=60)


def looks_up(view: View) -> View:
    """Beyond what a visitor may ask, the page is as in an outage: the commune's centre, refined later, nothing lost."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        with on_account_of(lambda: looking.wait_for(client_address(request))):
            return view(request, *args, **kwargs)

    return shown
