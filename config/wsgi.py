"""WSGI entry point: gunicorn -c config/gunicorn.py config.wsgi."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from config.limits import set_limits

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

set_limits()
application = get_wsgi_application()
# Loads the views before workers are forked, which then share them.
_ = get_resolver().url_patterns
