"""Jobs in words 任务状态, for screens and programs."""

from __future__ import annotations

from typing import Any

from huanzhi.library.work.models import Job
from huanzhi.messages import catalogue, language, text
from huanzhi.standards.periods import stamp


def job_form(job: Job) -> dict[str, Any]:
    """Return a job for programs, its words in the reader's language."""
    texts = catalogue().get(f"work.kind_{job.kind}")
    return {
        **job.form(),
        "name": texts[language()] if texts else job.kind,
        "words": text(job.words, **job.values) if job.words in catalogue() else job.words,
        **{name: stamp(getattr(job, name)) for name in ("made", "begun", "ended")},
    }
