"""The site as a WSGI application, for `esteem up` and for any other server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "esteem.web.settings")

application = get_wsgi_application()
