"""Conformance 符合性检查: how somebody's platform, or device, keeps to HJ 212; a report with the clauses."""

from __future__ import annotations

from huanzhi.network.conformance.device import check_device
from huanzhi.network.conformance.findings import Finding, Verdict, conforms
from huanzhi.network.conformance.platform import Identity, check_platform

__all__ = ["Finding", "Identity", "Verdict", "check_device", "check_platform", "conforms"]
