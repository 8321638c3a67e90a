"""The business database 业务库: Django made ready for any way in, and its tables brought up to date."""

from __future__ import annotations

import os


def ready() -> None:
    """Configure Django once; every way in calls this before it imports a model."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huanzhi.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()


def migrate() -> None:
    """Bring the tables up to date; make the regions and registers that come with the platform."""
    ready()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    from huanzhi.library.places.loading import load_regions
    from huanzhi.library.registers.shipped import load_registers

    load_regions()
    load_registers()
