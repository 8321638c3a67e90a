"""Named systems 平台、机制、制度 that a document orders, and responsibilities 职责 that it lays on bodies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from huanzhi.plans import bodies
from huanzhi.plans.clauses import Clause, Sentence, sentences
from huanzhi.plans.folding import shown
from huanzhi.plans.model import Named
from huanzhi.plans.structure import Placed
from huanzhi.plans.words import group, words

_SYSTEM = re.compile(
    rf"(?P<verb>{group('systems', 'verbs')})(?P<name>[^,;:。、]{{2,36}}?{group('systems', 'kinds')})"
    r"(?=$|、|和|及|与|建设|改革|试点|”|的|中|作用|工作|管理|运行|全覆盖|应用)"
)
_GENERIC = set(words()["systems"]["generic"])
_DUTY = re.compile(
    r"(?P<body>[一-龥、()“”和及]{2,40}?)(?P<verb>要(?![求素点闻害]|加快的)|应当|应(?![急用对建])|须|负责(?!人|任)|牵头|承担(?!的)|会同|督促|配合|对.{2,16}负(?:总|具体|总体)?责)(?P<rest>.{2,})"
)


def systems(placed: Sequence[Placed]) -> Iterator[Named]:
    """Yield the named systems, each once, where it is named first."""
    seen: set[str] = set()
    for paragraph, sentence, clause in _clauses(placed):
        for found in _SYSTEM.finditer(clause.text):
            name = shown(found["name"]).strip("“的")
            name = re.sub(f"^(?:{group('systems', 'verbs')}|并|和)+", "", name).lstrip("、和及")
            if name in seen or name in _GENERIC or len(name) < 4 or name.count("“") != name.count("”"):
                continue
            seen.add(name)
            span = sentence.view.span(clause.start + found.start(), clause.start + found.end())
            quote = paragraph.block.source.text[span.start : span.end]
            yield Named("system", name, "", quote, span.start, span.end)


def responsibilities(placed: Sequence[Placed]) -> Iterator[Named]:
    """Yield what the document lays on bodies that it names: 「自治区生态环境厅要牵头推进相关具体工作」."""
    for paragraph, sentence, clause in _clauses(placed):
        found = _DUTY.match(clause.text)
        body = _body(found["body"]) if found else ""
        if found is None or not body:
            continue
        span = sentence.view.span(clause.start, _end_of_duty(sentence, clause))
        quote = paragraph.block.source.text[span.start : span.end]
        name = shown(clause.text[found.start("verb") :])
        yield Named("responsibility", name, body, quote, span.start, span.end)


def _body(given: str) -> str:
    names = bodies.split(re.sub("^(?:并|由|其中|同时)", "", given))
    known = [
        name
        for name in names
        if bodies.is_body(name) or re.search("(?:党委|政府|部门|单位|企业|组织)$", name)
    ]
    return "、".join(names) if known and known[-1] == names[-1] and len(names[-1]) > 2 else ""


def _end_of_duty(sentence: Sentence, clause: Clause) -> int:
    """Return where the duty ends: before the next clause that names a body, or with the sentence."""
    end = clause.end
    for later in sentence.clauses:
        if later.start <= clause.start:
            continue
        found = _DUTY.match(later.text)
        if (found and _body(found["body"])) or sentence.separator(end) == ";":
            break
        end = later.end
    return end


def _clauses(placed: Sequence[Placed]) -> Iterator[tuple[Placed, Sentence, Clause]]:
    for paragraph in placed:
        if paragraph.block.table is not None:
            continue
        for sentence in sentences(paragraph.block.view):
            for clause in sentence.clauses:
                yield paragraph, sentence, clause
