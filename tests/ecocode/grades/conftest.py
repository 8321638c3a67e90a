"""Enterprises of the tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def region(db: Any) -> Any:
    """The test city."""
    from huanzhi.library.places.models import Region
    from huanzhi.library.records.changing import save
    from huanzhi.library.rights import SYSTEM

    made = Region(code="990001", name="测试市", level="city", simulated=True)
    save(SYSTEM, made)
    return made


@pytest.fixture
def firm(region: Any) -> Callable[..., Any]:
    """Make an enterprise with an organisation of its own."""
    from huanzhi.library.enterprises.models import Enterprise
    from huanzhi.library.people.models import Organisation
    from huanzhi.library.records.changing import save
    from huanzhi.library.rights import SYSTEM

    def make(number: int = 1) -> Enterprise:
        body = Organisation(
            code=f"ORG{number}", name=f"企业{number}", kind="enterprise", region=region, simulated=True
        )
        save(SYSTEM, body)
        made = Enterprise(
            code=f"SIM{number:06d}", name=f"企业{number}", region=region, organisation=body, simulated=True
        )
        save(SYSTEM, made)
        return made

    return make
