"""What a person does at a page, as the page itself sees it, and how long that takes.

The page counts, not the test: listeners that are there before its own scripts
write down each trusted press of a mouse button and of a key. What a script only
pretends is not counted, and nothing that was done can be left out.
"""

import json
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

# The Keystroke-Level Model's seconds, whose source docs/first-correction.md names:
# pressing a key or button as somebody who types 40 words a minute, pointing, moving
# the hand between mouse and keyboard, and preparing what comes next.
PRESS, POINT, HOME, PREPARE = 0.28, 1.1, 0.4, 1.35
# How long the site is given for each answer that a person waits for.
ANSWER = 1.0

LISTENERS = Path(__file__).with_suffix(".js").read_text()


@dataclass(frozen=True)
class Deed:
    """A click, what was typed into one field, or a command by a key."""

    how: str
    what: str
    presses: int

    def __str__(self):
        return f"{self.how} {self.what}"


@dataclass(frozen=True)
class Effort:
    """All deeds on the way to something, and the answers that were waited for."""

    deeds: list[Deed]
    answers: int

    @property
    def interactions(self):
        """How many there are if a field and the way into it count once."""
        ways_in = (
            second.how == "type" and first.what in {second.what, "Tab"}
            for first, second in pairwise(self.deeds)
        )
        return len(self.deeds) - sum(ways_in)

    @property
    def presses(self):
        """How often a key or button went down."""
        return sum(deed.presses for deed in self.deeds)

    @property
    def seconds(self):
        """How long the model expects a person to need who makes no mistake."""
        hands = ["mouse" if deed.how == "click" else "keys" for deed in self.deeds]
        moves = sum(first != second for first, second in pairwise(["mouse", *hands]))
        return (
            PRESS * self.presses
            + POINT * hands.count("mouse")
            + HOME * moves
            + PREPARE * self.interactions
            + ANSWER * self.answers
        )


@contextmanager
def watched(browser):
    """Have the pages that ``browser`` opens count; yield what tells the effort."""
    script = browser.execute_cdp_cmd(
        "Page.addScriptToEvaluateOnNewDocument", {"source": LISTENERS}
    )
    browser.get_log("performance")

    def effort():
        deeds = browser.execute_script("return sessionStorage.getItem('deeds')")
        return Effort([Deed(**deed) for deed in json.loads(deeds)], _answers(browser))

    try:
        yield effort
    finally:
        browser.execute_script("sessionStorage.removeItem('deeds')")
        browser.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)


def _answers(browser):
    """Count pages, and what scripts asked for, since the last call."""
    messages = [
        json.loads(entry["message"])["message"]
        for entry in browser.get_log("performance")
    ]
    return sum(
        message["method"] == "Network.requestWillBeSent"
        and message["params"].get("type") in {"Document", "Fetch", "XHR"}
        for message in messages
    )
