"""Findings 检查发现: what a visit found becomes issues, with the evidence of the visit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from huanzhi.center.inspections.models import Task
from huanzhi.center.inspections.settings import settings
from huanzhi.center.issues import evidence as issue_evidence
from huanzhi.center.issues.evidence import read
from huanzhi.center.issues.models import Issue
from huanzhi.center.issues.moving import move
from huanzhi.center.issues.opening import Draft, open_issue
from huanzhi.library.rights import SYSTEM, Actor

CARRIED = ("photo", "video", "measurement", "record", "file", "track")


def open_findings(actor: Actor, task: Task, items: Iterable[Mapping[str, Any]], now: datetime) -> None:
    """Open an issue for every item that was not met; a relapse opens the issue looked back at again."""
    for item in items:
        row = task.answers[item["code"]]
        if item.get("relapse") and task.looks_at:
            row["issue"] = _reopened(task, row["words"], now)
            continue
        if not row.get("issue"):
            row["issue"] = _opened(actor, task, item, row, now)


def _opened(actor: Actor, task: Task, item: Mapping[str, Any], row: Mapping[str, Any], now: datetime) -> str:
    channel = settings()["sort"][task.sort]["channel"]
    draft = Draft(
        f"{task.subject}：{item['zh']}——不符合"[:200],
        item["category"],
        channel,
        task.region_id,
        str(row["words"]),
        str(row.get("level", "general")),
        enterprise=task.enterprise.code if task.enterprise else "",
        source_ref=f"{task.number}/{item['code']}",
        lon=task.lon,
        lat=task.lat,
        since=task.visited,
        facts={"inspection": task.number, "item": item["code"], "why": row["words"]},
        simulated=task.simulated,
    )
    issue = open_issue(actor, draft, f"inspection {task.number}", now=now)
    for piece in task.evidence.filter(item=item["code"]):
        issue_evidence.attach(
            SYSTEM,
            issue,
            read(piece),
            piece.name,
            piece.kind if piece.kind in CARRIED else "file",
            piece.taken_at,
            piece.lon,
            piece.lat,
            now=now,
        )
    return issue.number


def _reopened(task: Task, words: str, now: datetime) -> str:
    """Open the issue again; the platform does it on what the visit found, and says so."""
    issue = Issue.objects.filter(number=task.looks_at).first()
    if issue is not None and issue.state in ("written_off", "looked_back"):
        outputs = {"relapse": "relapsed", "finding": f"{task.number}: {words}"}
        move(SYSTEM, issue, "reopen", outputs, f"inspection {task.number}", now=now)
    return task.looks_at
