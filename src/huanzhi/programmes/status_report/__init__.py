"""Status report 生态环境质量状况报告: air and surface water of a region over a span."""

from __future__ import annotations

from huanzhi.programmes.status_report.build import StatusReport, status_report

__all__ = ["StatusReport", "status_report"]
