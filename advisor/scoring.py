"""The weighted sum: the one place where values and weights meet.

The ranking and the draws that test it score through the same function, so that
they cannot disagree.
"""

import numpy as np


def weighted_sum(values, weights):
    """Return the sum of ``values`` times ``weights`` over the criteria.

    ``values`` is framework × criterion; ``weights`` has one row per criterion and
    may have a column per draw. All scores come from here. Over contiguous arrays
    ``einsum`` adds the terms of each row in one order whatever other rows there
    are, which the matrix product of a linear algebra library does not promise.
    """
    values, weights = np.ascontiguousarray(values), np.ascontiguousarray(weights)
    return np.einsum("ij,j...->i...", values, weights)


def value_bounds(criteria, candidates):
    """Return the lowest and the highest values (candidate × criterion)."""
    bounds = [
        [candidate.bounds_on(criterion.feature) for criterion in criteria]
        for candidate in candidates
    ]
    bounds = np.array(bounds, float).reshape(len(candidates), len(criteria), 2)
    return bounds[..., 0], bounds[..., 1]


def in_fixed_order(criteria):
    """Return the criteria as sums add them up, however they were given."""
    return sorted(criteria, key=lambda criterion: (criterion.theme, criterion.feature))
