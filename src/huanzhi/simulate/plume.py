"""The steady Gaussian plume 高斯烟羽 of a low point source, and where such a source stands.

The widths are those of Briggs for open country, class D (neutral).

References
----------
.. [1] G. A. Briggs, Diffusion estimation for small emissions, ATDL Contribution 79, 1973.
.. [2] S. R. Hanna, G. A. Briggs, R. P. Hosker, Handbook on Atmospheric Diffusion, DOE/TIC-11223, 1982,
   table 4.5.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_NEAREST = 30.0
"""Metres nearer than which the widths do not hold."""
_CALM = 0.5
"""Wind [m/s] under which a plume has no direction; slower winds are taken as this."""

_ALIKE, _PLAUSIBLE = 0.9, 20.0
"""Where few receptors cannot tell places apart, the edge of a huge plume fits as well as the middle of a
small one: of fits that explain nearly as much, those with far more emission than the least are out. Ours."""


def widths(along: Floats) -> tuple[Floats, Floats]:
    """Return the widths σy and σz [m] at distances downwind [m]."""
    reach = np.maximum(along, _NEAREST)
    return 0.08 * reach / np.sqrt(1 + 0.0001 * reach), 0.06 * reach / np.sqrt(1 + 0.0015 * reach)


def dilution(
    sources: Floats,
    receptors: Floats,
    speed: Floats,
    wind_from: Floats,
    height: float = 5.0,
    turn: float = 1.0,
) -> Floats:
    """Return concentration at the ground over emission [s/m³].

    Parameters
    ----------
    sources, receptors : ndarray, shapes (m, 2) and (n, 2)
        East and north [m].
    speed, wind_from : ndarray, shape (t,)
        Wind [m/s] and the direction from which it blows [degrees].
    height : float
        Of the source [m].
    turn : float
        Factor by which the plume is wider than that of a steady wind.

    Returns
    -------
    ndarray, shape (m, n, t)
        0 upwind.
    """
    towards = np.radians(wind_from + 180.0)
    east, north = np.sin(towards), np.cos(towards)
    apart = receptors[None, :, :] - sources[:, None, :]
    along = apart[..., :1] * east + apart[..., 1:] * north
    across = apart[..., :1] * north - apart[..., 1:] * east
    wide, high = widths(along)
    wide = wide * turn
    shape = np.exp(-0.5 * (across / wide) ** 2 - 0.5 * (height / high) ** 2)
    return np.where(along > 0, shape / (np.pi * np.maximum(speed, _CALM) * wide * high), 0.0)


class Located(NamedTuple):
    """Where one source fits best: east, north [m], emission, and the share of the excess that it explains."""

    east: float
    north: float
    emission: float
    explained: float


def locate(
    receptors: Floats,
    excess: Floats,
    speed: Floats,
    wind_from: Floats,
    reach: float = 1500.0,
    step: float = 50.0,
) -> Located:
    """Return where one steady source explains best what receptors show above the background.

    Parameters
    ----------
    receptors : ndarray, shape (n, 2)
        East and north [m].
    excess : ndarray, shape (n, t)
        Concentration above the background; NaN where there is none.
    reach, step : float
        How far around the middle of the receptors is searched, and how finely [m].
    """
    middle = receptors.mean(axis=0)
    axis = np.arange(-reach, reach + step, step)
    grid = np.stack(np.meshgrid(middle[0] + axis, middle[1] + axis), axis=-1).reshape(-1, 2)
    there = ~np.isnan(excess)
    shown = np.where(there, excess, 0.0)
    whole = float((shown**2).sum())
    fits = [
        _fitted(dilution(part, receptors, speed, wind_from, turn=2.0) * there, shown)
        for part in np.array_split(grid, max(len(grid) // 512, 1))
    ]
    emission, explained = (np.concatenate(each) for each in zip(*fits, strict=True))
    if not whole or explained.max() <= 0:
        return Located(float(middle[0]), float(middle[1]), 0.0, 0.0)
    alike = explained >= explained.max() * _ALIKE
    plausible = alike & (emission <= _PLAUSIBLE * emission[alike].min())
    top = int(np.argmax(np.where(plausible, explained, -1.0)))
    east, north = grid[top].tolist()
    return Located(east, north, float(emission[top]), float(explained[top] / whole))


def _fitted(kernel: Floats, shown: Floats) -> tuple[Floats, Floats]:
    """Return the emission of each source that fits best, and how much of the squares it explains."""
    size = (kernel**2).sum(axis=(1, 2))
    fit = (kernel * shown).sum(axis=(1, 2))
    emission = np.where((size > 0) & (fit > 0), fit / np.where(size > 0, size, 1.0), 0.0)
    return emission, emission * fit
