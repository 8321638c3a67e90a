"""Boards made by hand."""

import numpy as np
import pyarrow as pa

from huanzhi.center.watching.board import Board
from huanzhi.center.watching.facts import Facts, Meter, Watched
from huanzhi.library.series import SCHEMA

T0 = 29_800_000
"""Minute since 1970 at which hand-made series begin."""

POWER = Meter("E1E", "hz-production-power-1", 100.0)
CLEANER = Meter("E1E", "hz-treatment-power-1", 20.0)


def outlet(**more):
    told = {"limits": {"w01018": 50.0}, "production": (POWER,), "treatment": (CLEANER,)} | more
    return Watched("P1", "总排口", "outlet", "E1", 120.0, 30.0, **told)


def facts(*places):
    return Facts({place.code: place for place in places})


def table(feature, parameter, values, flags=0, start=T0, period="instant", decimals=3):
    """Return observations of a series by minute; NaN is none at all."""
    values = np.asarray(values, dtype=float)
    there = np.flatnonzero(~np.isnan(values))
    flags = np.broadcast_to(np.asarray(flags), values.shape)
    count = len(there)
    return pa.table(
        {
            "feature": [feature] * count,
            "parameter": [parameter] * count,
            "period": [period] * count,
            "time": (start + there) * 60,
            "value": np.round(values[there] * 10**decimals).astype(np.int64),
            "decimals": [decimals] * count,
            "state": [0] * count,
            "flag": flags[there].astype(np.int32),
            "row": [0] * count,
        },
        schema=SCHEMA,
    )


def board(*tables):
    """Return a board that holds tables, each heard when its newest value was made."""
    made = Board()
    for one in tables:
        newest = max(one.column("time").to_pylist(), default=0)
        made.take(one, newest)
    return made


def seen(rule, places, made, now, **more):
    """Return the signs of a rule over a board at a minute after `T0`."""
    from huanzhi.center.watching.rules import tables as thresholds

    looking = rule(made, facts(*places), {**thresholds()[rule.name], **more})
    return list(looking.look(T0 + now))
