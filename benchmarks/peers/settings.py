"""Settings of the drf-gis contenders: the service's own database settings, and no middleware to slow them."""

from config.settings import *  # noqa: F403

MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
ROOT_URLCONF = "benchmarks.peers.urls"
