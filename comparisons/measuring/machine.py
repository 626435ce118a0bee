"""What a run has to say of the machine it ran on."""

import os
import platform
import subprocess
from pathlib import Path


def conditions(python):
    """Return what the machine is, by name."""
    asked = subprocess.run([python, "--version"], check=True, capture_output=True)
    return {
        "python": asked.stdout.decode().strip(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "processor": _processor(),
        "cores": os.cpu_count(),
    }


def stolen_seconds():
    """Return the seconds that the cores waited for other guests of their host."""
    fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()
    return int(fields[8]) / os.sysconf("SC_CLK_TCK")


def _processor():
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    named = [line.split(":", 1)[1].strip() for line in lines if "model name" in line]
    return named[0] if named else platform.processor()
