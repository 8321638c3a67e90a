"""Policy documents 政策文件 read into measures, targets, named systems and responsibilities.

Pure: bytes or text in, items out; no database, clock or network. Every item keeps its place in the text and
the words there; what a document has lost is kept as lost and told, never guessed. `read` makes a `Source` of
the bytes of a txt, html, docx or pdf file, `extract` a `Plan` of that.
"""

from huanzhi.plans.decoding import read
from huanzhi.plans.model import Finding, Heading, Measure, Named, Plan, Source, Span, Table, Target
from huanzhi.plans.reading import extract

__all__ = [
    "Finding",
    "Heading",
    "Measure",
    "Named",
    "Plan",
    "Source",
    "Span",
    "Table",
    "Target",
    "extract",
    "read",
]
