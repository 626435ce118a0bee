"""Makers of stored rows, keyword-only, each default a plausible fact.

Every maker returns a saved row whose slug, name or key no other row has. What
can be published is published unless ``status`` or ``draft=True`` says otherwise;
a statement is drafted, cited and then published, as an editor has to do it.
"""

from datetime import date
from decimal import Decimal
from itertools import count

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.utils import timezone

from advisor import models as advisor
from advisor.choices import EffectKind, QuestionKind, Step
from comparisons import models
from comparisons.choices import (
    FactKind,
    FeatureKind,
    FrameworkKind,
    Level,
    Metric,
    Setup,
    Side,
    SourceKind,
    Stance,
    Status,
)
from comparisons.editing.seen import stamp
from comparisons.models.suggestions import TARGETS

_numbers = count(1)
# What a proposal keeps of a row in which no field differs.
NO_CHANGE = {"act": "Changed", "about": "", "fields": [], "citations": []}


# What is compared


def make_framework(*, slug=None, draft=False, **fields):
    slug = slug or _unique("framework")
    defaults = {
        "name": _name(slug),
        "kind": FrameworkKind.MICRO,
        "tagline": "A small core to build on.",
        "status": _status(draft),
    }
    return models.Framework.objects.create(slug=slug, **defaults | fields)


def make_extension(*, slug=None, frameworks=(), features=(), **fields):
    slug = slug or _unique("extension")
    extension = models.Extension.objects.create(
        slug=slug, **{"name": _name(slug)} | fields
    )
    extension.frameworks.set(frameworks)
    extension.features.set(features)
    return extension


def make_task(*, slug=None, feature=None, **fields):
    slug = slug or _unique("task")
    defaults = {"title": _name(slug), "description": "Answer with two words."}
    return models.Task.objects.create(
        slug=slug, feature=feature or make_feature(), **defaults | fields
    )


def make_sample(*, task=None, framework=None, draft=False, **fields):
    task = task or make_task()
    framework = framework or make_framework()
    folder, file = (row.slug.replace("-", "_") for row in (task, framework))
    defaults = {
        "file": f"{folder}/{file}_app.py",
        "code": 'print("Hello, world!")',
        "status": _status(draft),
    }
    return models.CodeSample.objects.create(
        task=task, framework=framework, **defaults | fields
    )


# What it is compared on


def make_group(*, slug=None, **fields):
    slug = slug or _unique("group")
    return models.FeatureGroup.objects.create(
        slug=slug, **{"name": _name(slug)} | fields
    )


def make_feature(*, slug=None, group=None, draft=False, **fields):
    slug = slug or _unique("feature")
    defaults = {
        "name": _name(slug),
        "kind": FeatureKind.CAPABILITY,
        "definition": "A part that does one thing; a recipe does not count.",
        "status": _status(draft),
    }
    return models.Feature.objects.create(
        slug=slug, group=group or make_group(), **defaults | fields
    )


def make_threshold(*, feature=None, level=None, **fields):
    feature = feature or make_feature()
    return models.Threshold.objects.create(
        feature=feature,
        level=level or feature.feature_kind.levels[0],
        **{"text": "It works after a bare install."} | fields,
    )


# Who says so


def make_source(*, slug=None, **fields):
    slug = slug or _unique("source")
    defaults = {
        "title": _name(slug),
        "publisher": "Example Press",
        "kind": SourceKind.DOCUMENTATION,
        "url": f"https://{slug}.example/",
    }
    return models.Source.objects.create(slug=slug, **defaults | fields)


def make_alias(row, *, slug=None):
    """Return a former slug of ``row``."""
    return models.Alias.objects.lead(slug or _unique("former"), row)


def make_synonym(*, word=None, feature=None, **fields):
    """Return a word that means ``feature``, or what ``fields`` name."""
    if not fields:
        feature = feature or make_feature()
    word = word or _unique("word")
    return models.Synonym.objects.create(word=word, feature=feature, **fields)


def make_link(*, url=None, source=None, **fields):
    """Return what is known of an address, that of ``source`` if one is given."""
    url = url or (source or make_source()).url
    return models.Link.objects.create(url=url, **fields)


def make_passage_check(*, citation=None, **fields):
    """Return that a passage was found in a release, unless ``fields`` say more."""
    defaults = {
        "state": "found",
        "release": "Flask 3.1.3",
        "checked_date": date(2026, 11, 2),
    }
    return models.PassageCheck.objects.create(
        citation=citation or make_citation(), **defaults | fields
    )


def make_citation(*, source=None, **fields):
    """Return a supporting passage, of a draft finding unless a statement is given."""
    statements = {"finding", "pro_con", "fact", "adopter", "verdict"}
    if not statements & fields.keys():
        fields["finding"] = make_finding(draft=True)
    defaults = {
        "key": _unique("citation"),
        "stance": Stance.SUPPORTS,
        "locator": "Introduction",
        "says": "It is there.",
        "accessed_date": date(2026, 11, 2),
    }
    return models.Citation.objects.create(
        source=source or make_source(), **defaults | fields
    )


# Statements


def make_finding(
    *,
    framework=None,
    feature=None,
    level=None,
    extension=None,
    alternatives=(),
    **fields,
):
    """Return the best answer that the feature's kind has, unless ``level`` is given."""
    feature = feature or make_feature()
    level = Level(level or feature.feature_kind.levels[0])
    if level.needs_extension and extension is None:
        extension = make_extension()
    finding = _make_statement(
        models.Finding,
        "finding",
        framework=framework or make_framework(),
        feature=feature,
        level=level,
        extension=extension,
        **fields,
    )
    finding.alternatives.set(alternatives)
    return finding


def make_pro_con(*, slug=None, framework=None, feature=None, **fields):
    defaults = {
        "side": Side.PRO,
        "statement": "It is quick to learn.",
        "matters_when": "the team is new to it.",
    }
    return _make_statement(
        models.ProCon,
        "pro_con",
        slug=slug or _unique("pro"),
        framework=framework or make_framework(),
        feature=feature or make_feature(),
        **defaults | fields,
    )


def make_fact(*, framework=None, **fields):
    return _make_statement(
        models.Fact,
        "fact",
        framework=framework or make_framework(),
        **{"kind": FactKind.LICENSE, "value": "BSD-3-Clause"} | fields,
    )


def make_adopter(*, slug=None, framework=None, **fields):
    slug = slug or _unique("adopter")
    return _make_statement(
        models.Adopter,
        "adopter",
        slug=slug,
        framework=framework or make_framework(),
        **{"name": _name(slug)} | fields,
    )


STATEMENTS = [make_finding, make_pro_con, make_fact, make_adopter]


def _make_statement(model, citation_field, *, draft=False, cited=None, **fields):
    """Draft, cite and publish a statement.

    A draft and an unknown finding have no citation unless ``cited`` asks for it;
    ``cited`` may also be the fields of the citation.
    """
    status = fields.pop("status", _status(draft))
    statement = model.objects.create(status=Status.DRAFT, **fields)
    if cited is None:
        cited = statement.needs_support and status != Status.DRAFT
    if cited:
        given = cited if isinstance(cited, dict) else {}
        make_citation(**{citation_field: statement}, **given)
    if status != Status.DRAFT:
        statement.status = status
        statement.save()
    return statement


# Pages that editors curate


def make_comparison(*, frameworks=None, features=(), slug=None, draft=False, **fields):
    if frameworks is None:
        frameworks = [make_framework(), make_framework()]
    frameworks = sorted(frameworks, key=lambda framework: framework.slug)
    defaults = {
        "title": " or ".join(framework.name for framework in frameworks),
        "introduction": "Both do the job.",
        "status": _status(draft),
    }
    comparison = models.Comparison.objects.create(
        slug=slug or "-vs-".join(framework.slug for framework in frameworks),
        **defaults | fields,
    )
    comparison.frameworks.set(frameworks)
    comparison.features.set(features)
    return comparison


def make_section(*, comparison=None, slug=None, features=(), **fields):
    slug = slug or _unique("section")
    section = models.Section.objects.create(
        comparison=comparison or make_comparison(),
        slug=slug,
        **{"heading": _name(slug), "body": "They differ here."} | fields,
    )
    section.features.set(features)
    return section


def make_verdict(*, comparison=None, framework=None, findings=(), **fields):
    comparison = comparison or make_comparison()
    defaults = {"slug": _unique("verdict"), "when": "you want to choose the parts."}
    verdict = models.Verdict.objects.create(
        comparison=comparison,
        framework=framework or comparison.frameworks.first(),
        **defaults | fields,
    )
    verdict.findings.set(findings)
    return verdict


def make_run(*, slug=None, draft=False, **fields):
    """Return a session in which we measured, without a figure yet."""
    defaults = {
        "measured_on": date(2026, 11, 30),
        "rounds": 3,
        "seconds": 1,
        "machine": "Two cores",
        "versions": "Python 3.13.0",
        "baseline": "A bare callable",
        "conditions": "One process",
        "status": _status(draft),
    }
    if "source" not in fields:
        fields["source"] = make_source(kind=SourceKind.MEASUREMENT)
    return models.MeasurementRun.objects.create(
        slug=slug or _unique("run"), **defaults | fields
    )


def make_measurement(*, run=None, framework=None, **fields):
    defaults = {
        "setup": Setup.RECOMMENDED,
        "metric": Metric.JSON,
        "connections": 64,
        **{"value": 500, "low": 450, "high": 520},
        **{"ratio": 0.5, "ratio_low": 0.1, "ratio_high": 1},
    }
    return models.Measurement.objects.create(
        run=run or make_run(),
        framework=framework or make_framework(),
        **defaults | fields,
    )


def make_disagreement(*, slug=None, feature=None, frameworks=(), draft=False, **fields):
    slug = slug or _unique("disagreement")
    defaults = {
        "key": _unique("G"),
        "question": "Is it easy to learn?",
        "decision": "Yes, for small things.",
        "reason": "The sources mean different things by easy.",
        "status": _status(draft),
    }
    disagreement = models.Disagreement.objects.create(
        slug=slug, feature=feature or make_feature(), **defaults | fields
    )
    disagreement.frameworks.set(frameworks)
    return disagreement


def make_position(*, disagreement=None, citations=(), **fields):
    position = models.Position.objects.create(
        disagreement=disagreement or make_disagreement(),
        **{"position": f"{_unique('Yes')}."} | fields,
    )
    position.citations.set(citations)
    return position


# What readers say


def make_suggestion(**fields):
    """Return what a reader finds wrong, with a finding unless a target is given."""
    if not set(TARGETS) & fields.keys():
        fields["finding"] = make_finding()
    [target] = [fields[name] for name in TARGETS if fields.get(name)]
    defaults = {"problem": "It is out of date.", "stamp": stamp(target)}
    return models.Suggestion.objects.create(**defaults | fields)


# What editors propose


def make_proposal(*, row=None, author=None, **fields):
    row = row or make_finding()
    defaults = {
        "model_label": row._meta.label_lower,
        "object_pk": row.pk,
        "name": str(row),
        "posted": {"note": ["Another note."]},
        "changes": [{"model": row._meta.label_lower, "name": str(row)} | NO_CHANGE],
        "digest": _unique("digest"),
        "reason": "It is out of date.",
        "author": author or make_editor(),
        "sent_at": timezone.now(),
    }
    return models.Proposal.objects.create(**defaults | fields)


# The editors


def make_editor(*permissions, username=None):
    """Return somebody who may enter the admin, with ``permissions`` by codename."""
    editor = get_user_model().objects.create_user(
        username or _unique("editor"), is_staff=True
    )
    editor.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return editor


def make_pending_import(*, editor=None, **fields):
    defaults = {
        "model": "comparisons.finding",
        "file_name": "findings.csv",
        "content": b"framework,feature,stamp",
    }
    return models.PendingImport.objects.create(
        editor=editor or make_editor(), **defaults | fields
    )


# The advisor


def make_theme(*, slug=None, shares=None, draft=False, **fields):
    """Return a theme; ``shares`` maps features to their shares."""
    slug = slug or _unique("theme")
    defaults = {
        "name": _name(slug),
        "description": "How good it is at this.",
        "status": _status(draft),
    }
    theme = advisor.Theme.objects.create(slug=slug, **defaults | fields)
    for feature, share in (shares or {}).items():
        make_share(theme=theme, feature=feature, share=share)
    return theme


def make_share(*, theme=None, feature=None, share="1.0"):
    return advisor.Share.objects.create(
        theme=theme or make_theme(), feature=feature or make_feature(), share=share
    )


def make_question(*, slug=None, draft=False, **fields):
    """Return a question that asks for must-haves, or for points if given a theme."""
    has_theme = fields.get("theme") is not None
    defaults = {
        "kind": QuestionKind.PRIORITY if has_theme else QuestionKind.MUST_HAVES,
        "text": "What do you need?",
        "status": _status(draft),
    }
    return advisor.Question.objects.create(
        slug=slug or _unique("question"), **defaults | fields
    )


def make_choice(*, question=None, slug=None, **fields):
    slug = slug or _unique("choice")
    return advisor.Choice.objects.create(
        question=question or make_question(),
        slug=slug,
        **{"label": _name(slug)} | fields,
    )


def make_effect(*, choice=None, **fields):
    """Return the requirement of a feature, or points if ``points`` are given."""
    defaults = {}
    if "points" in fields:
        defaults["kind"] = EffectKind.SET_POINTS
    else:
        defaults |= {"kind": EffectKind.REQUIRE, "level": Level.THIRD_PARTY}
    if not {"theme", "feature"} & fields.keys():
        fields["feature"] = make_feature()
    return advisor.Effect.objects.create(
        choice=choice or make_choice(), **defaults | fields
    )


def make_preset(*, slug=None, choice=None, points=None, draft=False, **fields):
    """Return a preset; ``points`` maps themes to their points."""
    slug = slug or _unique("preset")
    citations = fields.pop("citations", ())
    if choice is None:
        choice = make_choice(question=make_question(kind=QuestionKind.PROJECT))
    defaults = {
        "name": _name(slug),
        "why": "The manual says so.",
        "status": _status(draft),
    }
    preset = advisor.Preset.objects.create(
        slug=slug, choice=choice, **defaults | fields
    )
    preset.citations.set(citations)
    for theme, given in (points or {}).items():
        make_preset_points(preset=preset, theme=theme, points=given)
    return preset


def make_preset_points(*, preset=None, theme=None, points=Step.IMPORTANT):
    return advisor.PresetPoints.objects.create(
        preset=preset or make_preset(), theme=theme or make_theme(), points=points
    )


def make_conflict(*, slug=None, first=None, second=None, draft=False, **fields):
    defaults = {"message": "Few are good at both.", "status": _status(draft)}
    return advisor.Conflict.objects.create(
        slug=slug or _unique("conflict"),
        first=first or make_choice(),
        second=second or make_choice(),
        **defaults | fields,
    )


def make_kinship(*, known=None, helped=None, source=None, draft=False, **fields):
    defaults = {
        "worth": Decimal("0.5"),
        "reason": "Both route in the same way.",
        "locator": "Introduction",
        "accessed_date": date(2026, 11, 2),
        "status": _status(draft),
    }
    return advisor.Kinship.objects.create(
        known=known or make_framework(),
        helped=helped or make_framework(),
        source=source or make_source(),
        **defaults | fields,
    )


def make_persona(*, slug=None, expected=(), **fields):
    slug = slug or _unique("persona")
    defaults = {
        "name": _name(slug),
        "story": "They start on Monday.",
        "answers": {"project": "microservice"},
    }
    persona = advisor.Persona.objects.create(slug=slug, **defaults | fields)
    persona.expected.set(expected)
    return persona


def make_expectation(*, persona=None, source=None, **fields):
    defaults = {
        "locator": "Introduction",
        "says": "It is made for this.",
        "accessed_date": date(2026, 11, 2),
    }
    return advisor.Expectation.objects.create(
        persona=persona or make_persona(),
        source=source or make_source(),
        **defaults | fields,
    )


def make_tie_break(*, slug, themes, points, **fields):
    """Return a question that gives one of ``themes`` more points."""
    question = make_question(slug=slug, kind=QuestionKind.TIE_BREAK, **fields)
    for theme in themes:
        make_effect(
            choice=make_choice(question=question, slug=theme.slug),
            theme=theme,
            kind=EffectKind.ADD_POINTS,
            points=points,
        )
    return question


def make_advice(**fields):
    result = {"verdict": {}, "ranking": [], "excluded": [], "flips": []}
    defaults = {"answers": {}, "result": result, "data_version": 1}
    return advisor.Advice.objects.create(**defaults | fields)


def make_judgement(**fields):
    defaults = {
        "month": "2026-11-01",
        "framework": "flask",
        "answer": "yes",
        "count": 1,
    }
    return advisor.Judgement.objects.create(**defaults | fields)


def make_advice_group(**fields):
    return advisor.AdviceGroup.objects.create(owner_digest=_unique("digest"), **fields)


def make_member(*, group=None, number=1, **fields):
    return advisor.GroupMember.objects.create(
        group=group or make_advice_group(),
        number=number,
        **{"code_digest": _unique("digest")} | fields,
    )


def make_group_advice(*, group=None, number=1, **fields):
    defaults = {"answers": [], "result": {}, "data_version": 1}
    return advisor.GroupAdvice.objects.create(
        group=group or make_advice_group(), number=number, **defaults | fields
    )


def _status(draft):
    return Status.DRAFT if draft else Status.PUBLISHED


def _unique(word):
    return f"{word}-{next(_numbers)}"


def _name(slug):
    return slug.replace("-", " ").capitalize()
