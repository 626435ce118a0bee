"""How somebody else cites a page of ours: which version, of which day."""

import json
import re
from dataclasses import dataclass
from datetime import date

SITE = "Framewise"
_SPECIAL = re.compile(r"[\\{}$&#^_~%]")
_AS_WORDS = {
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A page as it was in one version of the knowledge, raised on ``day``."""

    title: str
    address: str
    version: int
    day: date

    @property
    def permalink(self) -> str:
        """Where this very version stays."""
        return f"{self.address}?at={self.version}"

    @property
    def sentence(self) -> str:
        return (
            f"“{self.title}”. {SITE}, version {self.version} "
            f"of {self.day:%-d %B %Y}. {self.permalink}"
        )

    @property
    def key(self) -> str:
        """A name for it that a file of references can hold."""
        path = self.address.partition("://")[2].partition("/")[2]
        words = re.findall(r"[a-z0-9]+", path.lower())
        return "-".join(["framewise", *words, str(self.version)])

    @property
    def bibtex(self) -> str:
        """An entry that LaTeX takes, whatever the title holds."""
        fields = {
            "author": f"{{{SITE}}}",
            "title": f"{{{_for_latex(self.title)}}}",
            "year": str(self.day.year),
            "date": self.day.isoformat(),
            "version": str(self.version),
            "note": f"Version {self.version} of {self.day:%-d %B %Y}",
            "url": self.permalink,
        }
        lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
        return "\n".join([f"@online{{{self.key},", *lines, "}", ""])

    @property
    def csl(self) -> str:
        """The list of one item that programs for references read (CSL-JSON)."""
        item = {
            "id": self.key,
            "type": "webpage",
            "title": self.title,
            "container-title": SITE,
            "author": [{"literal": SITE}],
            "issued": {"date-parts": [[self.day.year, self.day.month, self.day.day]]},
            "version": str(self.version),
            "URL": self.permalink,
        }
        return json.dumps([item], ensure_ascii=False, indent=2) + "\n"

    @property
    def ris(self) -> str:
        """A record that other programs for references read (RIS)."""
        fields = {
            "TY": "ELEC",
            "AU": SITE,
            "TI": " ".join(self.title.split()),
            "PY": str(self.day.year),
            "DA": f"{self.day:%Y/%m/%d}",
            "ET": str(self.version),
            "UR": self.permalink,
            "ER": "",
        }
        return "".join(f"{name}  - {value}\r\n" for name, value in fields.items())


def _for_latex(text):
    return _SPECIAL.sub(lambda found: _AS_WORDS.get(found[0], f"\\{found[0]}"), text)
