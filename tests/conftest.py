"""What every test shares: a data folder of its own, Django, and property tests without a time limit."""

import os
import tempfile

if "PYTEST_XDIST_WORKER" not in os.environ:  # workers share the folder of the run
    os.environ["HUANZHI_HOME"] = tempfile.mkdtemp(prefix="huanzhi-tests-")
os.environ["DJANGO_SETTINGS_MODULE"] = "huanzhi.settings"

from django.conf import settings as django_settings
from hypothesis import settings

assert django_settings.configured or django_settings.HOME

settings.register_profile("huanzhi", deadline=None)
settings.load_profile("huanzhi")
