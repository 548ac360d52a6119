"""What gunicorn serves. Queries of the service are cancelled after 2 seconds; commands have no such limit."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("STATEMENT_TIMEOUT_MS", "2000")

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018 imports the views now, once for all workers, not at their first request
