"""The app of receipts."""

from __future__ import annotations

from django.apps import AppConfig


class ReceiptsConfig(AppConfig):
    """Receipts."""

    name = "huanzhi.library.receipts"
    label = "receipts"
