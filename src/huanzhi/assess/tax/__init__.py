"""Environmental protection tax 环境保护税: quantities, pollution equivalents and the tax of each month.

``model`` holds what is given and what comes out, ``tables`` the law's tables and the rates of provinces,
``equivalents`` the pollution equivalents 污染当量数, ``ranking`` which pollutants of an outlet are taxed,
``reductions`` what article 13 takes off, ``solid`` and ``noise`` the other two objects of the tax,
``computing`` the whole month, ``explaining`` every step in words.

All arithmetic is exact (`fractions.Fraction`); money is rounded once a line, half up to the cent (ours: no
document tells it).
"""

from __future__ import annotations

from huanzhi.assess.tax.computing import compute
from huanzhi.assess.tax.model import Computation, Discharge, Line, Noise, Rate, Rates, Solid
from huanzhi.assess.tax.tables import Law, rates_of

__all__ = [
    "Computation",
    "Discharge",
    "Law",
    "Line",
    "Noise",
    "Rate",
    "Rates",
    "Solid",
    "compute",
    "rates_of",
]
