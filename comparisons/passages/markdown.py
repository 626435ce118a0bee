"""Markdown as sections, its tables and code included."""

import re

from markdown_it import MarkdownIt

from comparisons.passages.sections import Page, Section, add_fragments

_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
# MkDocs lets a heading name its fragment: “## Title { #fragment }”.
_NAMED = re.compile(r"\s*\{\s*#([\w.:-]+)[^}]*\}\s*$")
_TAG = re.compile(r"<[^>]+>")


def parse(text: str) -> Page:
    """Return the sections of a page in Markdown."""
    sections = [Section()]
    tokens = iter(
        MarkdownIt("commonmark").enable("table").parse(_FRONT_MATTER.sub("", text))
    )
    for token in tokens:
        if token.type == "heading_open":
            written = next(tokens)
            named = _NAMED.search(written.content)
            sections.append(
                Section(
                    title=_plain(written)[: -len(named[0]) if named else None],
                    level=int(token.tag[1]),
                    fragments=[named[1]] if named else [],
                )
            )
        elif token.type == "inline":
            sections[-1].text += _plain(token) + "\n"
        elif token.type in {"fence", "code_block", "html_block"}:
            sections[-1].text += _TAG.sub(" ", token.content) + "\n"
    add_fragments(sections)
    return Page(sections)


def _plain(token):
    """Return the words of an inline token: no addresses, no signs of markup."""
    kept = {"text", "code_inline", "softbreak", "hardbreak"}
    return "".join(
        each.content or " " for each in token.children or () if each.type in kept
    ).strip()
