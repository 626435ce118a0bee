"""A virtual environment for each framework, alone and as it is served."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

LIST = """
import json
from importlib.metadata import distributions
found = {d.metadata["Name"]: d for d in distributions() if d.metadata["Name"] != "pip"}
files = [f for d in found.values() for f in d.files or () if f.suffix != ".pyc"]
sizes = [path.stat().st_size for path in (f.locate() for f in files) if path.exists()]
names = sorted(f"{name}=={d.version}" for name, d in found.items())
print(json.dumps([names, sum(sizes)]))
"""


@dataclass(frozen=True)
class Environment:
    """A virtual environment of nothing but some packages and what they require."""

    folder: Path

    @property
    def python(self):
        return self.folder / "bin" / "python"

    def install(self, python, packages):
        """Make it with an interpreter, unless an earlier run finished doing so."""
        done = self.folder / "installed"
        wanted = "\n".join(packages)
        if done.exists() and done.read_text() == wanted:
            return
        run = [python, "-m", "venv", "--clear", self.folder]
        subprocess.run(run, check=True, capture_output=True)
        if packages:
            run = [self.python, "-m", "pip", "install", "--quiet", *packages]
            subprocess.run(run, check=True, capture_output=True, text=True)
        done.write_text(wanted)

    def installed(self):
        """Return the packages, without pip, and their bytes, without byte code."""
        run = [self.python, "-c", LIST]
        listed = subprocess.run(run, check=True, capture_output=True, text=True)
        return json.loads(listed.stdout)
