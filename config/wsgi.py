"""What gunicorn serves. Queries of the service are cancelled after 2 seconds; commands have no such limit."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("STATEMENT_TIMEOUT_MS", "2000")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
