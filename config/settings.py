"""Settings, in one file, read from the environment. `.env` beside manage.py is read too, if there is one.

Every setting that a deployment changes is named here once, with its default and its unit.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config.accounts import *  # noqa: F403
from config.logs import logging_to_console
from config.wheels import library

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL_DIR = BASE_DIR / ".local"
env = environ.Env()
env.read_env(BASE_DIR / ".env")


# --- Région: all that says Centre-Val de Loire -----------------------------------------------------------------------
REGION_FILE = Path(env.str("REGION_FILE", default=str(BASE_DIR / "fixtures" / "region.toml")))
REGION = tomllib.loads(REGION_FILE.read_text("utf-8"))
COMMUNES_FILE = REGION_FILE.parent / REGION["communes_file"]
VOCABULARY_DIR = BASE_DIR / "fixtures" / "vocabulary"


# --- Deployment ------------------------------------------------------------------------------------------------------
def _secret_key() -> str:
    """SECRET_KEY from the environment; on a development machine, one made once and kept in .local/."""
    if key := env.str("SECRET_KEY", default=""):
        return key
    path = LOCAL_DIR / "secret_key"
    if not path.exists():
        LOCAL_DIR.mkdir(exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(os.urandom(48).hex())
    return path.read_text()


DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = _secret_key()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# The number of reverse proxies in front whose X-Forwarded-For and X-Forwarded-Proto are to be believed.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
HTTPS = env.bool("HTTPS", default=False)
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

INSTALLED_APPS = [
    "config",
    "maps",
    "directory",
    "geo",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.gis",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "leaflet",
    "rest_framework",
    "rest_framework_gis",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "simple_history",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "whitenoise.middleware.WhiteNoiseMiddleware",  # first: the headers of pages are 100 bytes, for nothing on a file
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.RateLimitMiddleware",
    "config.middleware.DeliveryMiddleware",
    "config.middleware.OutageMiddleware",  # answers for the API; what follows is for pages
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "maps.context.region",
            ],
        },
    },
]


# --- Database --------------------------------------------------------------------------------------------------------
def _database_url() -> str:
    """DATABASE_URL, else the private cluster that `make run` started in this checkout."""
    if url := env.str("DATABASE_URL", default=""):
        return url
    path = LOCAL_DIR / "database_url"
    if path.exists():
        return path.read_text().strip()
    raise ImproperlyConfigured("No database: set DATABASE_URL, or start the private one with `bin/cluster start`.")


DATABASE_IS_EXTERNAL = bool(env.str("DATABASE_URL", default=""))
# Longest time a query of the web service may take before PostgreSQL cancels it, in milliseconds; 0 is no limit, which
# is what commands need. config/wsgi.py sets it for the service.
STATEMENT_TIMEOUT_MS = env.int("STATEMENT_TIMEOUT_MS", default=0)
# Whether PostgreSQL may read a table from end to end where it has an index. It thinks that a quarter of the entries, in
# one box, are on all pages of the table, and reads them all: 0.5 s instead of 0.24. config/wsgi.py forbids it.
SEQUENTIAL_SCANS = env.bool("SEQUENTIAL_SCANS", default=True)
DATABASES = {"default": env.db_url_config(_database_url(), engine="django.contrib.gis.db.backends.postgis")}
# A socket directory stands in the URL as ?host=…; Django's own place for it is HOST (dbshell looks there).
DATABASES["default"]["HOST"] = DATABASES["default"].get("OPTIONS", {}).pop("host", DATABASES["default"]["HOST"])
DATABASES["default"] |= {
    "CONN_MAX_AGE": None,  # a connection per request is 15 times slower than a kept one
    "OPTIONS": {
        **DATABASES["default"].get("OPTIONS", {}),
        # A question takes milliseconds: compiling it, or starting parallel workers for it, takes longer than answering.
        "options": f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c jit=off -c max_parallel_workers_per_gather=0"
        + ("" if SEQUENTIAL_SCANS else " -c enable_seqscan=off"),
        "connect_timeout": 5,
        "server_side_binding": True,
        # A statement used five times on a connection is prepared; behind PgBouncer set PREPARE_STATEMENTS=false.
        "prepare_threshold": 5 if env.bool("PREPARE_STATEMENTS", default=True) else None,
    },
}
# Test runs that go on side by side on one cluster take a suffix each.
DATABASES["default"]["TEST"] = {"NAME": "test_local_dabord" + env.str("TEST_DATABASE_SUFFIX", default="")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


# --- Background work: a queue in the database itself, worked off by `manage.py procrastinate worker` -----------------
PROCRASTINATE_WORKER_DEFAULTS = {"delete_jobs": "successful", "shutdown_graceful_timeout": 10.0}
# A worker that starts makes up for what was due in the last hour, in seconds.
PROCRASTINATE_PERIODIC_DEFAULTS = {"max_delay": 3600}
FRESHNESS_DAYS = env.list("FRESHNESS_DAYS", int, [365, 730, 91])  # to a reminder, to "not confirmed", then to hiding


# --- GDAL and GEOS from the installed wheels, so that no system library is needed ------------------------------------
GDAL_LIBRARY_PATH = env.str("GDAL_LIBRARY_PATH", default=library("pyogrio", "libgdal*"))
GEOS_LIBRARY_PATH = env.str("GEOS_LIBRARY_PATH", default=library("shapely", "libgeos_c*"))


# --- Languages and time ----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("Français")), ("en", _("Anglais"))]
LOCALE_PATHS, FORMAT_MODULE_PATH = [BASE_DIR / "locale"], ["config.formats"]
USE_I18N = USE_TZ = True
TIME_ZONE = REGION["time_zone"]


# --- Static files ----------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static.Storage"},
}
WHITENOISE_MAX_AGE, WHITENOISE_ALLOW_ALL_ORIGINS = 3600, False


def WHITENOISE_ADD_HEADERS_FUNCTION(headers: Any, path: str, url: str) -> None:  # noqa: N802
    headers["X-Content-Type-Options"] = "nosniff"


# --- Files that people send: photographs ------------------------------------------------------------------------------
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(LOCAL_DIR / "media"))


# --- Security --------------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
        "worker-src": [SELF],
    }
}
# Requests a second for one address, and how many at once before the first is refused ("off" switches limits off).
RATE_LIMIT = env.str("RATE_LIMIT", default="50/500")


# --- E-mail: files in .local/emails, until EMAIL_URL names a server ("smtp+tls://user:password@host:587") ------------
globals().update(env.email_url("EMAIL_URL", default=f"filemail:///{LOCAL_DIR}/emails"))
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", default=REGION.get("legal", {}).get("contact_email", "webmaster@localhost"))
EMAIL_TIMEOUT = 10  # seconds
# Where links lead in e-mails that no request asked for.
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")


# --- Geocoding -------------------------------------------------------------------------------------------------------
# A provider speaking addok's protocol: the national address service, or one's own addok ("http", "127.0.0.1:7878").
# An empty domain switches address look-ups off: places then come from the communes alone.
GEOCODER = {
    "provider": env.str("GEOCODER_PROVIDER", default="ban"),
    "domain": env.str("GEOCODER_DOMAIN", default="data.geopf.fr/geocodage"),
    "scheme": env.str("GEOCODER_SCHEME", default="https"),
    "timeout_s": env.float("GEOCODER_TIMEOUT_S", default=3.0),
    # The service allows 50 a second for an address; all our workers together stay well under it.
    "calls_per_second": env.float("GEOCODER_CALLS_PER_SECOND", default=20.0),
    "cache_days": env.int("GEOCODER_CACHE_DAYS", default=90),
}


# --- The State's register of businesses, asked for a SIRET or a name; an empty domain switches it off -----------------
REGISTER = {
    "domain": env.str("REGISTER_DOMAIN", default="recherche-entreprises.api.gouv.fr"),
    "scheme": env.str("REGISTER_SCHEME", default="https"),
    "timeout_s": env.float("REGISTER_TIMEOUT_S", default=3.0),
    "calls_per_second": env.float("REGISTER_CALLS_PER_SECOND", default=5.0),  # it allows 7
}


# --- Broadband -------------------------------------------------------------------------------------------------------
# A commune is low-bandwidth with fewer premises than this eligible to fibre, or more than this without 8 Mbit/s wired,
# in percent; a zone that a département delivered, below this speed in Mbit/s. Printed wherever it is used.
COVERAGE_RULE = {
    "fibre_below_pct": env.float("COVERAGE_FIBRE_BELOW_PCT", default=50.0),
    "without_8_above_pct": env.float("COVERAGE_WITHOUT_8_ABOVE_PCT", default=10.0),
    "zone_below_mbit": env.float("COVERAGE_ZONE_BELOW_MBIT", default=30.0),
}
# The most points that each term adds to a case's priority, which is their sum: the class of the commune or zone, how
# many premises of the commune lack it, how soon the copper network closes, no shop online, what the merchant says.
GAP_WEIGHTS = {
    term: env.int(f"GAP_WEIGHT_{term.upper()}", default=most)
    for term, most in {"class": 30, "share": 25, "copper": 20, "no_online_shop": 10, "own_report": 15}.items()
}
# Where the current edition is fetched from, {layout} being ARCEP's name of the file; and ARCEP's own map at a point.
ARCEP_FILES = "https://data.arcep.fr/fixe/maconnexioninternet/statistiques/last/commune/{layout}.csv"
COVERAGE_DOWNLOAD_URL = env.str("COVERAGE_DOWNLOAD_URL", default=ARCEP_FILES)
ARCEP_MAP = "https://maconnexioninternet.arcep.fr/?lat={lat}&lng={lon}&zoom=16&mode=normal"
COVERAGE_MAP_URL = env.str("COVERAGE_MAP_URL", default=ARCEP_MAP)


# --- Lists of partners -----------------------------------------------------------------------------------------------
# Feeds are read from public addresses only. Networks opened besides: an intranet's, "127.0.0.1/32" to try a list here.
FEEDS_ALLOWED_NETWORKS = env.list("FEEDS_ALLOWED_NETWORKS", default=[])


# --- API -------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Local d'abord",
    "DESCRIPTION": "Commerçants, artisans, producteurs et restaurateurs : où ils sont, ce qu'ils vendent.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}


# --- Logs: no query string, no address, no personal data -------------------------------------------------------------
LOGGING = logging_to_console(env.str("LOG_LEVEL", default="WARNING"))
