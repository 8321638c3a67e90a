"""The service fills its board from the store and makes warnings of what comes in afterwards."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from huanzhi.center.warnings.models import Warning
from huanzhi.center.warnings.news import Changes
from huanzhi.center.warnings.service import Following
from huanzhi.library.devices import open_register
from huanzhi.library.devices.model import outlet_of
from huanzhi.library.series import SCHEMA, Feature, Source, open_store

pytestmark = pytest.mark.django_db
START = 1_790_000_040 // 60 * 60


def rows(values, start):
    count = len(values)
    return pa.table(
        {
            "feature": ["P1"] * count,
            "parameter": ["w01018"] * count,
            "period": ["instant"] * count,
            "time": [start + 60 * n for n in range(count)],
            "value": np.array(values, dtype=np.int64),
            "decimals": [0] * count,
            "state": [0] * count,
            "flag": [0] * count,
            "row": [0] * count,
        },
        schema=SCHEMA,
    )


def put(home, values, start):
    with open_store("write", home) as store:
        place = Feature("P1", "总排口", "outlet", simulated=True)
        store.write(rows(values, start), [place], Source("test", "test", f"{start}", simulated=True))


@pytest.fixture
def home(tmp_path):
    permits = {"w01018": {"value": "50", "unit": "mg/L", "standard": "GB 8978-1996", "clause": "4.1"}}
    place = {"code": "P1", "name": "总排口", "kind": "outlet", "enterprise": "E1", "permits": permits}
    with open_register(tmp_path) as register:
        register.save([], [outlet_of({**place, "simulated": True})], who="test")
    put(tmp_path, [60, 61], START)
    return tmp_path


def test_what_the_store_had_and_what_comes_make_a_warning(home):
    following, changes = Following(home), Changes()
    try:
        following.begin(START + 90)
        following.look(START + 125)
        assert not Warning.objects.exists()
        assert changes.since(datetime.fromtimestamp(START, UTC)) == []
        put(home, [62], START + 120)
        following.look(START + 185)
        row = Warning.objects.get()
        assert (row.rule, row.place, row.value, row.limit, row.simulated) == (
            "over_limit",
            "P1",
            62.0,
            50.0,
            True,
        )
        now = row.last + timedelta(seconds=1)
        (event,) = changes.since(now)
        assert event["topic"] == "warnings" and event["feature"] == "P1" and event["state"] == "open"
        assert changes.since(now) == []
    finally:
        following._tail.close()
        following._register.close()
