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
        # Older interpreters put setuptools into each new environment.
        self._pip("uninstall", "--yes", "setuptools")
        if packages:
            self._pip("install", *packages)
        done.write_text(wanted)

    def installed(self):
        """Return the packages, without pip, and their bytes, without byte code."""
        # Isolated, or the folder in which this runs would count.
        run = [self.python, "-I", "-c", LIST]
        listed = subprocess.run(run, check=True, capture_output=True, text=True)
        return json.loads(listed.stdout)

    def _pip(self, command, *arguments):
        run = [self.python, "-m", "pip", command, "--quiet", *arguments]
        subprocess.run(run, check=True, capture_output=True, text=True)
