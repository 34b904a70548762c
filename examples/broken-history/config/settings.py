"""Settings of the depot that packs the shop's parcels."""

import os

SECRET_KEY = os.environ.get("DEPOT_SECRET_KEY", "only-for-development")

INSTALLED_APPS = [
    "parcels",
    "pricing",
    "returns",
    "stock",
    "suppliers",
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ.get("PGDATABASE", "depot"),
        "USER": os.environ.get("PGUSER", "depot"),
        "PASSWORD": os.environ.get("PGPASSWORD", ""),
        "HOST": os.environ.get("PGHOST", "localhost"),
        "PORT": os.environ.get("PGPORT", "5432"),
        "OPTIONS": {"options": "-c lock_timeout=5s"},
    }
}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
