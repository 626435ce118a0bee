"""How long the properties are tried; ``PROPERTIES=long`` takes many new examples."""

import os

from hypothesis import settings

# Derandomized, so that a run can be repeated.
settings.register_profile(
    "short", max_examples=150, deadline=None, database=None, derandomize=True
)
settings.register_profile("long", max_examples=10_000, deadline=None, database=None)
settings.load_profile(os.environ.get("PROPERTIES", "short"))
