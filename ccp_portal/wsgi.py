"""The door of the web server: baked public pages first, everything else to Django."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ccp_portal.settings")
django_application = get_wsgi_application()

from transparency.serving import BakedPagesFirst  # noqa: E402  (settings must be ready)

application = BakedPagesFirst(django_application)
