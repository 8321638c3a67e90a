"""The register of devices 监控设备登记: who may send, for which outlet, how; all changes kept."""

from __future__ import annotations

from huanzhi.library.devices.model import Device, DeviceState, Outlet
from huanzhi.library.devices.register import Register, open_register

__all__ = ["Device", "DeviceState", "Outlet", "Register", "open_register"]
