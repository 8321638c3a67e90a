"""The gateway 通信网关: HJ 212 devices of every edition on one port; only what is durable is acknowledged."""

from __future__ import annotations

from huanzhi.network.gateway.server import Gateway
from huanzhi.network.gateway.settings import Settings, default_settings

__all__ = ["Gateway", "Settings", "default_settings"]
