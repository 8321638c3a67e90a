"""What a reported value is: measured, missing, below detection, withdrawn. Never only a number."""

from __future__ import annotations

from enum import IntEnum


class State(IntEnum):
    """State of one reported value.

    ``BELOW_DETECTION`` carries the detection limit as its value; ``MISSING`` and ``WITHDRAWN`` carry none.
    """

    VALUE = 0
    MISSING = 1
    BELOW_DETECTION = 2
    WITHDRAWN = 3
