"""The file of a new framework: every entry, and what each may hold, to be filled in."""

from pathlib import Path

from comparisons.choices import (
    FactKind,
    FeatureKind,
    FrameworkKind,
    SourceKind,
    Stance,
    Status,
)
from comparisons.knowledge.documents import parse
from comparisons.knowledge.parts import KnowledgeError
from comparisons.models import Framework

SKELETON = """\
# Comments tell what may stand where; exporting leaves them out.
slug: {slug}
name: {name}
kind:  # {framework_kinds}
tagline:  # one line, without praise
summary:  # two or three sentences
homepage_url:
docs_url:
repository_url:
makers:  # names under which those who make it publish
status: draft  # {statuses}; readers see what is published

sources:
# - slug: {slug}-docs
#   title:
#   publisher:
#   kind: documentation  # {source_kinds}
#   url: https://
#   interest:  # what the author gains, if anything

# Each statement below rests on such passages; the first has to support it.
#   citations:
#   - key: {slug}-routing-1
#     source: {slug}-docs
#     stance: supports  # {stances}
#     locator:  # section or heading
#     says:  # in your own words
#     accessed_date: 2026-01-31

facts:
# - kind: license  # {fact_kinds}
#   value:
#   citations:

# Leave out what you do not know. Levels of a
{levels}
findings:
{findings}

pros:
# - slug: {slug}-pro-
#   statement:
#   matters_when:  # finishes “Matters when …”
#   feature:
#   citations:

cons:
"""


def new_framework(folder: Path, slug: str) -> Path:
    """Write a file to ``folder`` with all that a framework can have; return its path.

    Raises:
        KnowledgeError: there is such a file, or the slug is none.
        ValidationError: nothing can be called so.
    """
    Framework(slug=slug).clean_fields(exclude={"name", "kind", "tagline"})
    path = folder / "frameworks" / f"{slug}.yaml"
    if path.exists():
        raise KnowledgeError(f"{path} is there already.")
    path.write_text(_skeleton(slug, parse(folder / "features.yaml")), encoding="utf-8")
    return path


def _skeleton(slug, features):
    """Return the text of the file; ``features`` are those of the knowledge."""
    return SKELETON.format(
        slug=slug,
        name=slug.replace("-", " ").capitalize(),
        framework_kinds=_listed(FrameworkKind),
        statuses=_listed(Status),
        source_kinds=_listed(SourceKind),
        stances=_listed(Stance),
        fact_kinds=_listed(FactKind),
        levels="\n".join(
            f"#   {kind}: {_listed([*kind.levels, 'unknown'])}" for kind in FeatureKind
        ),
        findings="\n".join(
            f"# - feature: {feature['slug']}  # {feature['kind']}\n#   level:"
            for group in features["groups"]
            for feature in group["features"]
        ),
    )


def _listed(choices):
    return ", ".join(map(str, choices))
