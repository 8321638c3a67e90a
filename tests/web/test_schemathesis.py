"""A few questions that nobody would think of, to every operation; the long form is ``tests.web.fuzz_api``."""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

import pytest
from ninja import Schema
from tests.web import fuzz_api
from tests.web.conftest import in_background

EXAMPLES, SEED = 1, 7


def test_no_answer_is_an_error_of_the_server_or_other_than_declared(
    transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huanzhi.library.people import keys

    monkeypatch.setenv("HUANZHI_HOME", str(tmp_path))  # as the service has it, and its background work
    keys.forget()
    fuzz_api.prepare(tmp_path)
    with in_background(lambda: fuzz_api.services(tmp_path)) as begun:
        fuzz = fuzz_api.Fuzz(begun[-1].address, EXAMPLES, SEED)
        fuzz.run()
    assert fuzz.asked > 500
    assert not fuzz.failures, "\n\n".join(fuzz.failures.values())


def test_no_two_schemas_of_the_document_have_one_name() -> None:
    """One would stand in the document for the other."""
    from huanzhi.library.database import ready

    ready()
    from huanzhi.web.api import interface

    assert interface.api
    named: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for name, module in list(sys.modules.items()):
        if name.startswith("huanzhi.web.api."):
            for found in vars(module).values():
                if isinstance(found, type) and issubclass(found, Schema):
                    named[found.__name__].add(tuple(sorted(found.model_fields)))
    only_asked = {"Asked", "DeviceFilters"}  # read from addresses, so they stand nowhere in the document
    assert {name for name, fields in named.items() if len(fields) > 1} <= only_asked
