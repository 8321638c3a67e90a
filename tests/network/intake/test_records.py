"""Records: whatever comes is read or refused with a reason; numbers stay as they were written."""

from __future__ import annotations

import json
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi.errors import InputError
from huanzhi.network.intake.observed import is_observed, records_of
from huanzhi.network.intake.records import MOST_RECORDS, parse_json, read_records

TIME = "2026-01-01T08:00+08:00"
json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=10)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["station", "time", "period", "parameter", "value", "PM2.5", "observations", "result", "unit",
                 "Datastream", "phenomenonTime", "components", "dataArray", "@iot.id", "x"]
            ),
            inner,
            max_size=5,
        ),
    ),
    max_leaves=12,
)  # fmt: skip


@given(json_values)
def test_any_document_is_read_or_refused(document):
    with suppress(InputError):
        parsed = parse_json(json.dumps(document).encode())
        if is_observed(parsed):
            parsed = records_of(parsed)
        read_records(parsed, "x")


@given(st.binary(max_size=40))
def test_any_bytes_are_read_or_refused(raw):
    with suppress(InputError):
        read_records(parse_json(raw), "x")


@given(st.decimals(min_value=0, max_value=10**8, places=4))
def test_a_number_keeps_its_value_and_decimals(value):
    raw = f'{{"station": "S", "time": "{TIME}", "period": "hour", "PM2.5": {value}}}'.encode()
    (row,) = read_records(parse_json(raw), "x").table.to_pylist()
    assert Decimal(row["value"]).scaleb(-row["decimals"]) == value
    assert row["decimals"] == 4


def test_a_parameter_that_a_record_does_not_name_is_not_written_as_missing():
    document = [
        {"station": "S", "time": TIME, "period": "hour", "PM2.5": 1},
        {"station": "S", "time": "2026-01-01T09:00+08:00", "period": "hour", "NO2": 2},
    ]
    assert len(read_records(parse_json(json.dumps(document).encode()), "x").table) == 2


def test_a_message_has_a_most():
    document = [{"station": "S", "time": TIME, "PM2.5": "1"}] * (MOST_RECORDS + 1)
    with pytest.raises(InputError) as raised:
        read_records(document, "x")
    assert raised.value.key == "intake.too_many"
