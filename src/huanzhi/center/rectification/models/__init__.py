"""Tables of rectification."""

from huanzhi.center.rectification.models.accountability import Referral, Talk, TalkStep
from huanzhi.center.rectification.models.batches import Batch, Counter, Item
from huanzhi.center.rectification.models.checks import Exhibit, Finding, Objection, Publication, SiteCheck
from huanzhi.center.rectification.models.following import Draw, Letter, Paper, Return, Sweep, SweepObject
from huanzhi.center.rectification.models.tasks import Measure, Step, Task

__all__ = [
    "Batch",
    "Counter",
    "Draw",
    "Exhibit",
    "Finding",
    "Item",
    "Letter",
    "Measure",
    "Objection",
    "Paper",
    "Publication",
    "Referral",
    "Return",
    "SiteCheck",
    "Step",
    "Sweep",
    "SweepObject",
    "Talk",
    "TalkStep",
    "Task",
]
