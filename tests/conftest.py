"""What every test shares: a data folder of its own, Django, and property tests without a time limit."""

import os
import tempfile
from pathlib import Path

if "PYTEST_XDIST_WORKER" not in os.environ:  # workers share the folder of the run
    os.environ["HUANZHI_HOME"] = tempfile.mkdtemp(prefix="huanzhi-tests-")
os.environ["DJANGO_SETTINGS_MODULE"] = "huanzhi.settings"

import pytest
from django.conf import settings as django_settings
from hypothesis import settings

assert django_settings.configured or django_settings.HOME
database = django_settings.DATABASES["default"]
if database["ENGINE"].endswith("sqlite3"):  # a file: connections to one memory do not wait for each other
    database.setdefault("TEST", {})["NAME"] = str(Path(os.environ["HUANZHI_HOME"]) / "tests.sqlite")
django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick

settings.register_profile("huanzhi", deadline=None)
settings.load_profile("huanzhi")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Let tests with transactions of their own empty the trail after them."""
    from django.db import connection

    from huanzhi.library.accounts.triggers import allow_removal as allow_removal_of_accounts
    from huanzhi.library.trail.triggers import allow_removal

    with django_db_blocker.unblock():
        allow_removal(connection)
        allow_removal_of_accounts(connection)
