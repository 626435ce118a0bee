"""What waits for one editor: to be decided, finished, cited or repaired.

The queue is made of sections, each with what it lists and who may act on it.
It knows no request and no HTML, and runs the same number of queries however
much is known. Other apps add sections of their own when they start::

    SECTIONS.append(Section(slug="open-facts", …))
"""

from comparisons.queue import drafts, proposals, readers, repairs, works
from comparisons.queue.sections import Entry, Glance, Queue, Section, holds

__all__ = ["SECTIONS", "Entry", "Glance", "Queue", "Section", "holds"]

# In no order: each section knows its position.
SECTIONS: list[Section] = [
    *drafts.SECTIONS,
    *proposals.SECTIONS,
    *readers.SECTIONS,
    *repairs.SECTIONS,
    *works.SECTIONS,
]
