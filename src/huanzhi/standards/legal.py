"""Legal citations 法律依据: which law a citation names on a day.

The Ecological and Environmental Code 生态环境法典 took the place of ten laws; an act before that day is
cited by the law of its own day.

>>> from datetime import date
>>> law_to_cite("大气污染防治法", date(2026, 8, 14))
'大气污染防治法'
>>> law_to_cite("大气污染防治法", date(2026, 8, 15))
'生态环境法典'
"""

from __future__ import annotations

from datetime import date

from huanzhi import standards
from huanzhi.errors import StandardError
from huanzhi.standards.model import Table

CODE = "生态环境法典"
_STATE = "中华人民共和国"


def law_to_cite(law: str, day: date) -> str:
    """Return the law that a citation names for an act on `day`: `law` itself, or what has replaced it.

    Parameters
    ----------
    law : str
        Short name of a law, with or without 中华人民共和国.
    day : date
        China date of the act.

    Raises
    ------
    StandardError
        If Huanzhi does not hold the law, or the Code is cited for a day before it.
    """
    short = law.strip().removeprefix(_STATE)
    if short == CODE:
        standards.in_force(CODE, day)
        return CODE
    for row in _table("repealed").rows:
        if row["name"] == short:
            return short if day <= row["until"] else str(row["successor"])
    if short in _table("separate").names():
        return short
    known = (CODE, *_table("repealed").names(), *_table("separate").names())
    raise StandardError("standards.no_law", law=law, known=", ".join(known))


def article(topic: str) -> str:
    """Return the article or articles of the Code on a topic, e.g. ``"51"`` for 现场检查.

    Raises
    ------
    StandardError
        If Huanzhi does not hold the topic.
    """
    return str(_table("articles").row(topic)["article"])


def _table(name: str) -> Table:
    return standards.standard(CODE).editions[-1].table(name)
