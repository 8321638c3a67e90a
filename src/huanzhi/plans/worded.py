"""Targets whose value is a word, is set elsewhere, or is lost: 达到Ⅲ类, 完成上级下达目标, 达到%."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from huanzhi.plans.clauses import Clause
from huanzhi.plans.context import Context, Reading, when_of, without_years
from huanzhi.plans.figures import Goal
from huanzhi.plans.folding import shown
from huanzhi.plans.model import Target
from huanzhi.plans.naming import heads, trimmed
from huanzhi.plans.quantities import missing_value
from huanzhi.plans.words import group, words

_GRADE = re.compile(
    f"(?P<verb>{group('grades', 'verbs')})(?:国家|地表水|地下水|海水|环境质量|水质)*"
    f"(?P<grade>{'|'.join(words()['grades']['patterns'])})(?:$|(?=[、”]))"
)
_COVERED = re.compile(r"^(?P<name>.{4,60}?)(?:的)?(?:基本|全面|逐步)?(?P<value>全覆盖)[”]?$")
_LIKE_YEAR = re.compile(
    r"(?P<name>.{2,40}?)(?P<op>不超过|不高于|低于|控制在|不突破)(?P<value>20\d\d年(?:水平|以内))$"
)
_WHOLLY = re.compile("□*(?:全面|全部|均|都)?□*$")
_ELSEWHERE = re.compile(
    f"^(?P<name>[^,]{{2,40}}?)(?:{'|'.join(words()['grades']['elsewhere'])})[一-龥、]{{0,6}}?(?:目标|任务|指标|要求)+$"
)


def lost_value(context: Context, reading: Reading, clause: Clause, start: int, content: str) -> list[Target]:
    found = missing_value(content)
    if found is None:
        return []
    groups = found.groupdict()
    unit = groups.get("unit") or groups.get("unit2") or ""
    cut = found.start() if groups.get("op") or groups.get("verb") else found.start("unit2")
    name = (
        groups["verb"] + groups["noun"]
        if groups.get("verb") and groups["verb"] != "完成"
        else groups.get("noun")
    ) or ""
    indicator = trimmed(name) or trimmed(content[:cut])
    op = _OPS.get(groups.get("op") or "", "=")
    return [
        _made(context, reading, clause, start, content, found.end(), indicator, op, None, unit, ("value",))
    ]


def set_elsewhere(
    context: Context, reading: Reading, clause: Clause, start: int, content: str
) -> list[Target]:
    """Return the target of 「单位GDP能耗下降完成省下达目标」, whose value another document sets."""
    found = _ELSEWHERE.match(content)
    name = trimmed(found["name"]) if found else ""
    if found is None or not re.search(f"(?:{group('indicators', 'nouns')}|排放|能耗|下降|降低)$", name):
        return []
    names = heads(name) if re.search("[、和及]", name) else [name]
    return [
        _made(context, reading, clause, start, content, found.end(), each, "=", None, "", ("value",))
        for each in names or [name]
    ]


_OPS = {
    word: mark
    for name, mark in (
        ("at_least", "≥"),
        ("more_than", ">"),
        ("at_most", "≤"),
        ("less_than", "<"),
        ("equal", "="),
    )
    for word in words()["operators"][name]
}


def worded(
    context: Context, reading: Reading, clause: Clause, start: int, content: str, subject: str
) -> list[Target]:
    """Return the targets whose value is a word: a grade, full coverage, a year's level. They are dated."""
    when, _ = when_of(context, start + len(content), start + len(content))
    if when is None or (when is context.lead and not (context.placed.aiming or context.opened)):
        return []
    if like := _LIKE_YEAR.search(content):
        name = trimmed(like["name"])
        return [_made(context, reading, clause, start, content, like.end(), name, "≤", like["value"], "", ())]
    if grade := _GRADE.search(content):
        name = trimmed(_WHOLLY.sub("", without_years(context, start, content)[: grade.start()])) or subject
        op = "≥" if grade["verb"] != "执行" else "="
        value = re.sub(
            "(?:及以上|以上|或以上)?(?:水质|水体|排放|水)?(?:标准|水平|要求)?$", "", grade["grade"]
        )
        made = _made(context, reading, clause, start, content, grade.end(), name, op, value, "", ())
        return [made] if name else []
    covered = _COVERED.match(content)
    near = when is context.lead and not context.placed.aiming
    if covered and not near and len(trimmed(covered["name"])) >= 4:
        name = trimmed(covered["name"])
        return [
            _made(
                context, reading, clause, start, content, covered.end(), name, "=", covered["value"], "", ()
            )
        ]
    return []


def _made(
    context: Context,
    reading: Reading,
    clause: Clause,
    start: int,
    content: str,
    end: int,
    indicator: str,
    op: str,
    value: str | None,
    unit: str,
    damaged: tuple[str, ...],
) -> Target:
    when, source = when_of(context, start + end, start + end)
    span = context.sentence.view.span(clause.start, start + end)
    lost = ("year",) if when and when.lost else ()
    return Target(
        reading.region,
        shown(indicator),
        op,
        value,
        unit,
        when.year if when else None,
        None,
        context.placed.block.source.text[span.start : span.end],
        span.start,
        span.end,
        damaged + lost,
        year_from=when.first if when else None,
        year_source=source,
        kind="worded" if value else "quantity",
        section=context.placed.titles[-1] if context.placed.path else "",
    )


def lost_in_list(
    context: Context, reading: Reading, clause: Clause, start: int, content: str, found: Sequence[Goal]
) -> Iterator[Target]:
    """Yield what has lost its number in a list of figures: 「减排氮氧化物120吨、氨氮减排吨」."""
    counted = {goal.quantity.unit for goal in found} & _WRITTEN_OUT
    for piece in re.finditer(
        r"(?<=[、和及与])[^、和及与\d]+$|(?<=[、和及与])[^、和及与\d]+(?=[、和及与])", content
    ):
        for unit in counted:
            name = trimmed(piece.group().removesuffix(unit))
            if piece.group().endswith(unit) and re.search(
                f"(?:{group('indicators', 'nouns')}|减排|减少|新增)$", name
            ):
                end = piece.end()
                yield _made(context, reading, clause, start, content, end, name, "=", None, unit, ("value",))


_WRITTEN_OUT = {*words()["units"]["symbols"], *words()["units"]["uncounted"]}
