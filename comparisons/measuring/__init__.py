"""How fast, how big: the frameworks measured by us, as people use them.

A run takes all frameworks of ``fixtures/measuring/plan.yaml`` in rounds, one after the
other, each in an environment of its own, and writes down what it saw visit by visit
(:mod:`.rounds`). :mod:`.figures` makes medians with their spread of it, and ratios to
the baseline of the same round. Nothing here asks the database of the knowledge.
"""
