"""The sample's own test passes, and fails once the app says something else."""

import sys
from pathlib import Path

from adapters import open_sample

sample = Path(f"{sys.argv[1]}_app.py")
run_tests = open_sample(sys.argv[1]).run_tests

run_tests(sample.name)

sample.write_text(sample.read_text().replace("Hello, world!", "Goodbye!", 1))
try:
    run_tests(sample.name)
except AssertionError:
    pass
else:
    raise AssertionError("The test does not notice a wrong answer.")
