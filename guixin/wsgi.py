"""The door for web servers: `granian --interface wsgi guixin.wsgi:application`."""

import os
import warnings

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guixin.settings")
# Static files are found where they lie; a folder of collected ones is only for installations that want it.
warnings.filterwarnings("ignore", "No directory at", UserWarning)
application = get_wsgi_application()
