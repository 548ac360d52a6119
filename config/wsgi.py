"""What gunicorn serves. Its queries are cancelled after 2 seconds and go along indexes; commands' are not bound so."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("STATEMENT_TIMEOUT_MS", "2000")
os.environ.setdefault("SEQUENTIAL_SCANS", "off")

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018 imports the views now, once for all workers, not at their first request
