"""The pages and the API for a WSGI server. `asgi.py` serves them too, and with them the live updates."""

import gc
import os
import warnings
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guixin.settings")
# Static files are found where they lie; a folder of collected ones is only for installations that want it.
warnings.filterwarnings("ignore", "No directory at", UserWarning)
application = get_wsgi_application()
import_module(settings.ROOT_URLCONF)  # the pages themselves, or the first visitor would wait for them
# A page makes a hundred thousand short-lived objects; looking through everything loaded each time a few hundred are
# alive costs a tenth of it.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)

from guixin.first_visit import say_the_way_in  # noqa: E402  needs what was set up above

say_the_way_in()
