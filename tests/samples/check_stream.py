import sys
from itertools import pairwise
from time import monotonic

from adapters import open_sample

app = open_sample(sys.argv[1])

parts = []
arrivals = []


def note(part):
    parts.append(part)
    arrivals.append(monotonic())


status = app.watch("GET", "/countdown/", on_part=note)
assert status == 200
assert parts == [b"3\n", b"2\n", b"1\n"]
for earlier, later in pairwise(arrivals):
    assert later - earlier > 0.1
