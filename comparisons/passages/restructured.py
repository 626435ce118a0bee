"""reStructuredText as sections, with the fragments of Sphinx.

Documentation is written for Sphinx with directives and roles of many packages.
None of them is loaded: a directive that docutils does not know counts as the text
inside it, a role as the word that it marks. Nothing of the tree is executed.
"""

import re
from collections import defaultdict

from docutils import nodes
from docutils.core import publish_doctree
from docutils.parsers.rst import Directive, directives, roles

from comparisons.passages.sections import Page, Section, github_slug

_DIRECTIVE = re.compile(r"^\s*\.\. (?:\|[^|]+\| )?([\w:.+-]+)::", re.MULTILINE)
_ROLE = re.compile(r"(?<![\w:]):([\w:.+-]+):`")
_TARGET = re.compile(r"(?s)^(.*?)\s*<[^<>]+>$")
# An id that only counts, and counts otherwise with the next edit.
_COUNTED = re.compile(r"id\d+$")
_CODE = {"code-block", "sourcecode", "code", "prompt", "console", "highlight"}
_SETTINGS = {
    "report_level": 5,
    "halt_level": 5,
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "_disable_config": True,
    "auto_id_prefix": "id",
    "syntax_highlight": "none",
    "doctitle_xform": False,
    "warning_stream": False,
}


def parse(text: str) -> Page:
    """Return the sections of a page in reStructuredText."""
    _learn(text)
    document = publish_doctree(text, settings_overrides=_SETTINGS)
    sections = [Section()]
    _gather(document, sections, level=0)
    for section in sections:
        # Where GitHub shows the page; a title that stands there twice has no id.
        if section.fragments and (slug := github_slug(section.title)):
            section.fragments += [slug] if slug not in section.fragments else []
    return Page(sections)


def _gather(node, sections, level):
    for child in node.children:
        if isinstance(child, nodes.section):
            title = child.next_node(nodes.title)
            section = Section(
                title=title.astext() if title else "",
                level=level + 1,
                fragments=[each for each in child["ids"] if not _COUNTED.match(each)],
            )
            sections.append(section)
            _gather(child, sections, level + 1)
        elif child.next_node(nodes.section):
            # Headings inside a directive.
            _gather(child, sections, level)
        elif not isinstance(child, (nodes.title, nodes.comment, nodes.system_message)):
            sections[-1].text += _text(child) + "\n"


def _text(node):
    left_out = (nodes.comment, nodes.system_message)
    leaves = node.findall(nodes.Text)
    return " ".join(
        leaf.astext()
        if isinstance(leaf.parent, nodes.literal_block)
        else leaf.astext().strip()
        for leaf in leaves
        if not isinstance(leaf.parent, left_out)
    )


def _learn(text):
    """Make docutils accept the directives and roles that ``text`` names."""
    for name in set(_DIRECTIVE.findall(text)):
        directives.register_directive(name, _Code if name in _CODE else _Inside)
    for name in set(_ROLE.findall(text)):
        roles.register_local_role(name, _marked)


def _marked(name, rawtext, text, lineno, inliner, options=None, content=None):
    """Return the word that a role marks, without the target behind it."""
    shown = _TARGET.sub(r"\1", text).removeprefix("!")
    if shown.startswith("~"):
        shown = shown.rpartition(".")[2].removeprefix("~")
    return [nodes.literal(rawtext, shown)], []


class _Inside(Directive):
    """Any directive: its argument, and its content as part of the page."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    # Whatever options it has, they are no text.
    option_spec = defaultdict(
        lambda: directives.unchanged, {"class": directives.unchanged}
    )

    def run(self):
        found = nodes.container()
        if self.arguments:
            found += nodes.paragraph(text=self.arguments[0])
        # Headings inside have underlines of their own.
        memo = self.state.memo
        outside = memo.title_styles, memo.section_level
        memo.title_styles, memo.section_level = [], 0
        self.state.nested_parse(
            self.content, self.content_offset, found, match_titles=1
        )
        memo.title_styles, memo.section_level = outside
        return [found]


class _Code(_Inside):
    """Source code, of which nothing is markup."""

    def run(self):
        return [nodes.literal_block(text="\n".join(self.content))]
