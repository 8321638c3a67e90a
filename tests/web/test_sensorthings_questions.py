"""Whatever is asked, the answer is a document or a refusal that says why; never anything else."""

from __future__ import annotations

from contextlib import suppress

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huanzhi.errors import InputError
from huanzhi.library.series import SCHEMA, Feature, Source, open_store
from huanzhi.web.api.sensorthings.answer import Reply, answer, split_path
from huanzhi.web.api.sensorthings.catalogue import read_catalogue
from huanzhi.web.api.sensorthings.grammar import FUNCTIONS, PRECEDENCE, parse_filter
from huanzhi.web.api.sensorthings.model import PROPERTIES, RELATIONS
from huanzhi.web.api.sensorthings.query import parse_query, split

names = st.sampled_from(
    ["id", "name", "result", "phenomenonTime", "resultTime", "parameters/flag", "parameters/state",
     "Datastream/id", "properties/region", "Datastreams/id", "Thing/name", "FeatureOfInterest/name",
     "Locations/location/type"]
)  # fmt: skip
literals = st.one_of(
    st.integers().map(str),
    st.decimals(allow_nan=False, allow_infinity=False, places=3).map(str),
    st.text(max_size=8).map(lambda text: "'" + text.replace("'", "''") + "'"),
    st.datetimes().map(lambda moment: moment.isoformat() + "Z"),
    st.sampled_from(["null", "true", "false", "0001-01-01T00:00:00+14:00", "1e999"]),
)
expressions = st.recursive(
    st.one_of(names, literals),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(sorted(PRECEDENCE)), inner).map(
            lambda parts: f"({' '.join(parts)})"
        ),
        inner.map(lambda one: f"not ({one})"),
        st.tuples(st.sampled_from(sorted(FUNCTIONS)), st.lists(inner, max_size=3)).map(
            lambda parts: f"{parts[0]}({','.join(parts[1])})"
        ),
    ),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    columns = [
        ["S1", "S1"],
        ["a34004"] * 2,
        ["hour", "month"],
        [0, 0],
        [5, None],
        [1, 0],
        [0, 1],
        [0, 0],
        [1, 2],
    ]
    made = [pa.array(column, kind) for column, kind in zip(columns, SCHEMA.types, strict=True)]
    places = [Feature("S1", "一号站", "air_station", lon=1, lat=2)]
    with open_store("write", tmp_path_factory.mktemp("asked") / "home") as opened:
        opened.write(pa.table(made, schema=SCHEMA), places, Source("x", "x", "x"))
        yield opened


def ask(store, path, query):
    reply = Reply(store, read_catalogue(store, store.revision()), "http://h/sta/v1.1")
    return answer(reply, path, parse_query(query), query)


@settings(max_examples=150)
@given(st.sampled_from(sorted(RELATIONS)), expressions, expressions)
def test_any_expression_is_answered_or_refused(store, name, condition, order):
    from urllib.parse import quote

    with suppress(InputError):
        found = ask(store, name, f"$filter={quote(condition)}&$orderby={quote(order)}&$count=true")
        assert found["@iot.count"] == len(found["value"]) <= 2


@given(st.text(max_size=60))
def test_any_text_is_an_expression_a_path_a_query_or_refused(text):
    for read in (parse_filter, split_path, parse_query):
        with suppress(InputError):
            read(text)


@given(st.lists(st.text(alphabet="ab()'", max_size=6), max_size=4))
def test_splitting_loses_nothing(parts):
    text = ",".join(parts)
    assert ",".join(split(text, ",")) == text


@settings(max_examples=40)
@given(st.sampled_from(sorted(RELATIONS)), st.data())
def test_any_select_and_expand_is_answered(store, name, data):
    select = data.draw(st.lists(st.sampled_from(PROPERTIES[name]), max_size=2, unique=True))
    expand = data.draw(st.lists(st.sampled_from(sorted(RELATIONS[name])), max_size=2, unique=True))
    query = "&".join(
        f"{option}={','.join(values)}"
        for option, values in (("$select", select), ("$expand", expand))
        if values
    )
    for entity in ask(store, name, query)["value"]:
        assert set(expand) <= set(entity)
        assert not select or set(entity) <= {*select, *expand, *(f"{one}@iot.nextLink" for one in expand)}
