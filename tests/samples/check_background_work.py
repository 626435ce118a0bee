import sys
from pathlib import Path

from adapters import open_sample

app = open_sample(sys.argv[1])
log = Path("orders.log")
done_at_each_part = []


def is_packed():
    return log.exists() and log.read_text() == "Packed order 7\n"


status = app.watch(
    "POST",
    "/orders/7/",
    on_part=lambda part: done_at_each_part.append(log.exists()),
    is_done=is_packed,
)
assert status == 202
assert done_at_each_part
assert not any(done_at_each_part)
