"""What changed, who did it and why, and how it is taken back.

``recording`` gathers what one act changes in a change set, ``records`` reads how an
object was, ``visibility`` what readers saw then; ``listing``, ``summaries`` and
``differences`` tell it. ``undoing``, ``deleting`` and ``rehearsing`` work out what a
long change comes to, ``outcomes`` stores that. Imports the models and what they stand
on; everything that writes imports ``recording``.
"""
