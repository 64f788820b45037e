"""The pages and the API for a WSGI server. `asgi.py` serves them too, and with them the live updates."""

import os
import warnings

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guixin.settings")
# Static files are found where they lie; a folder of collected ones is only for installations that want it.
warnings.filterwarnings("ignore", "No directory at", UserWarning)
application = get_wsgi_application()

from guixin.first_visit import say_the_way_in  # noqa: E402  needs what was set up above

say_the_way_in()
