"""WSGI entry point: gunicorn -c config/gunicorn.py config.wsgi."""

import os

from django.core.wsgi import get_wsgi_application

from config.limits import set_limits

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

set_limits()
application = get_wsgi_application()
