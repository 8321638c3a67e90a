"""The main job 主流程: real files in, official judgements out, ranked and reported."""

from __future__ import annotations

from huanzhi.programmes.main_job.agreement import Agreement
from huanzhi.programmes.main_job.job import JobResult, run_job

__all__ = ["Agreement", "JobResult", "run_job"]
