"""A place 点位: what its page shows, put together from store, reviews, standards and assessment."""

from __future__ import annotations

from huanzhi.programmes.place.comparison import Comparison, compared
from huanzhi.programmes.place.curve import Curve, Stretch, curve, thinned
from huanzhi.programmes.place.days import DayCell, calendar
from huanzhi.programmes.place.diurnal import HourOfDay, diurnal
from huanzhi.programmes.place.limits import LimitStep, limit_steps
from huanzhi.programmes.place.now import Exceedance, LastValue, exceedance, last_values
from huanzhi.programmes.place.reasons import Reason, reason
from huanzhi.programmes.place.standing import Standing, standing
from huanzhi.programmes.place.subject import Subject
from huanzhi.programmes.place.wind import Rose, wind_rose

__all__ = [
    "Comparison",
    "Curve",
    "DayCell",
    "Exceedance",
    "HourOfDay",
    "LastValue",
    "LimitStep",
    "Reason",
    "Rose",
    "Standing",
    "Stretch",
    "Subject",
    "calendar",
    "compared",
    "curve",
    "diurnal",
    "exceedance",
    "last_values",
    "limit_steps",
    "reason",
    "standing",
    "thinned",
    "wind_rose",
]
