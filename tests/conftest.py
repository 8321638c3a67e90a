"""What every test shares: property tests without a time limit per example, since machines are busy."""

from hypothesis import settings

settings.register_profile("huanzhi", deadline=None)
settings.load_profile("huanzhi")
