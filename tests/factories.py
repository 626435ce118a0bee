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
from comparisons.history.recording import change_set
from comparisons.models.sources import STATEMENTS as CITED
from comparisons.models.suggestions import TARGETS
from comparisons.models.works import WorkKind

_numbers = count(1)
READ_ON = date(2026, 11, 2)
# What a row is called by, if nothing else is said: its slug in words.
CALLED = {"name", "title", "heading", "label"}
# What a proposal keeps of a row in which no field differs.
NO_CHANGE = {"act": "Changed", "about": "", "fields": [], "citations": []}


def maker(model, word="", /, **defaults):
    """Return what makes a row of ``model``, with a slug that begins with ``word``.

    A default that can be called is called if nothing else is given: what makes the
    row that a key leads to, or a value that no other row has.
    """
    known = {field.name: field for field in model._meta.get_fields()}

    def make(**fields):
        given = defaults | fields
        if "slug" in known:
            slug = given.setdefault("slug", _unique(word or model._meta.model_name))
            given = {name: _name(slug) for name in CALLED & known.keys()} | given
        if "status" in known:
            given.setdefault("status", _status(given.pop("draft", False)))
        values = {
            name: value() if callable(value) else value for name, value in given.items()
        }
        links = {name for name in values if known[name].many_to_many}
        row = model.objects.create(
            **{name: value for name, value in values.items() if name not in links}
        )
        for name in links:
            getattr(row, name).set(values[name])
        return row

    return make


def _status(draft):
    return Status.DRAFT if draft else Status.PUBLISHED


def _unique(word):
    return f"{word}-{next(_numbers)}"


def _name(slug):
    return slug.replace("-", " ").capitalize()


def change(row, **values):
    """Store other ``values`` of ``row``, and return it."""
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return row


def edit(row, *, editor=None, why="", **values):
    """Store other ``values`` of ``row`` in one act; return its set of changes."""
    with change_set(editor=editor, reason=why) as changes:
        change(row, **values)
    return changes


# What is compared, and on what

make_framework = maker(
    models.Framework, kind=FrameworkKind.MICRO, tagline="A small core to build on."
)
make_extension = maker(models.Extension)
make_group = maker(models.FeatureGroup, "group")
make_feature = maker(
    models.Feature,
    group=make_group,
    kind=FeatureKind.CAPABILITY,
    definition="A part that does one thing; a recipe does not count.",
)
make_task = maker(
    models.Task, feature=make_feature, description="Answer with two words."
)


def make_sample(*, task=None, framework=None, **fields):
    task = task or make_task()
    framework = framework or make_framework()
    folder, file = (row.slug.replace("-", "_") for row in (task, framework))
    defaults = {"file": f"{folder}/{file}_app.py", "code": 'print("Hello, world!")'}
    make = maker(models.CodeSample, task=task, framework=framework)
    return make(**defaults | fields)


def make_threshold(*, feature=None, **fields):
    feature = feature or make_feature()
    level = feature.feature_kind.levels[0]
    make = maker(models.Threshold, text="It works after a bare install.", level=level)
    return make(feature=feature, **fields)


# Who says so


def make_source(*, slug=None, **fields):
    slug = slug or _unique("source")
    make = maker(
        models.Source, publisher="Example Press", kind=SourceKind.DOCUMENTATION
    )
    return make(**{"slug": slug, "url": f"https://{slug}.example/"} | fields)


def make_alias(row, *, slug=None):
    """Return a former slug of ``row``."""
    return models.Alias.objects.lead(slug or _unique("former"), row)


def make_synonym(**fields):
    """Return a word that means a feature, or what ``fields`` name."""
    meant = {"feature", "framework", "extension"} & fields.keys()
    return maker(models.Synonym, word=lambda: _unique("word"))(
        **fields if meant else fields | {"feature": make_feature()}
    )


def make_link(*, url=None, source=None, **fields):
    """Return what is known of an address, that of ``source`` if one is given."""
    url = url or (source or make_source()).url
    return models.Link.objects.create(url=url, **fields)


def make_citation(**fields):
    """Return a supporting passage, of a draft finding unless a statement is given."""
    if not set(CITED) & fields.keys():
        fields["finding"] = make_finding(draft=True)
    return _make_citation(**fields)


_make_citation = maker(
    models.Citation,
    source=make_source,
    key=lambda: _unique("citation"),
    stance=Stance.SUPPORTS,
    locator="Introduction",
    says="It is there.",
    accessed_date=READ_ON,
)
# That a passage was found in a release, unless more is said.
make_passage_check = maker(
    models.PassageCheck,
    citation=make_citation,
    state="found",
    release="Flask 3.1.3",
    checked_date=READ_ON,
)


# Statements


def statement_maker(model, cited_as, word="", /, **defaults):
    """Return what drafts a statement, cites it ``cited_as`` and publishes it.

    A draft and an unknown finding have no citation unless ``cited`` asks for it;
    ``cited`` may also be the fields of the citation.
    """
    draft_one = maker(model, word, framework=make_framework, **defaults)

    def make(*, draft=False, cited=None, **fields):
        status = fields.pop("status", _status(draft))
        statement = draft_one(status=Status.DRAFT, **fields)
        if cited is None:
            cited = statement.needs_support and status != Status.DRAFT
        if cited:
            given = cited if isinstance(cited, dict) else {}
            make_citation(**{cited_as: statement}, **given)
        if status != Status.DRAFT:
            statement.status = status
            statement.save()
        return statement

    return make


def make_finding(*, feature=None, level=None, **fields):
    """Return the best answer that the feature's kind has, unless ``level`` is given."""
    feature = feature or make_feature()
    level = Level(level or feature.feature_kind.levels[0])
    if level.needs_extension and not fields.get("extension"):
        fields["extension"] = make_extension()
    return _make_finding(feature=feature, level=level, **fields)


_make_finding = statement_maker(models.Finding, "finding")
make_pro_con = statement_maker(
    models.ProCon,
    "pro_con",
    "pro",
    feature=make_feature,
    side=Side.PRO,
    statement="It is quick to learn.",
    matters_when="the team is new to it.",
)
make_fact = statement_maker(
    models.Fact, "fact", kind=FactKind.LICENSE, value="BSD-3-Clause"
)
make_adopter = statement_maker(models.Adopter, "adopter")

STATEMENTS = [make_finding, make_pro_con, make_fact, make_adopter]


# Pages that editors curate


def make_comparison(*, frameworks=None, **fields):
    if frameworks is None:
        frameworks = [make_framework(), make_framework()]
    frameworks = sorted(frameworks, key=lambda framework: framework.slug)
    defaults = {
        "slug": "-vs-".join(framework.slug for framework in frameworks),
        "title": " or ".join(framework.name for framework in frameworks),
        "introduction": "Both do the job.",
        "frameworks": frameworks,
    }
    return maker(models.Comparison)(**defaults | fields)


make_section = maker(
    models.Section, comparison=make_comparison, body="They differ here."
)


def make_verdict(*, comparison=None, **fields):
    comparison = comparison or make_comparison()
    make = maker(
        models.Verdict,
        framework=comparison.frameworks.first,
        when="you want to choose the parts.",
    )
    return make(comparison=comparison, **fields)


make_disagreement = maker(
    models.Disagreement,
    key=lambda: _unique("G"),
    feature=make_feature,
    question="Is it easy to learn?",
    decision="Yes, for small things.",
    reason="The sources mean different things by easy.",
)
make_position = maker(
    models.Position,
    disagreement=make_disagreement,
    position=lambda: f"{_unique('Yes')}.",
)
# A session in which we measured, without a figure yet.
make_run = maker(
    models.MeasurementRun,
    "run",
    source=lambda: make_source(kind=SourceKind.MEASUREMENT),
    measured_on=date(2026, 11, 30),
    rounds=3,
    seconds=1,
    machine="Two cores",
    versions="Python 3.13.0",
    baseline="A bare callable",
    conditions="One process",
)
make_measurement = maker(
    models.Measurement,
    run=make_run,
    framework=make_framework,
    setup=Setup.RECOMMENDED,
    metric=Metric.JSON,
    connections=64,
    **{"value": 500, "low": 450, "high": 520},
    **{"ratio": 0.5, "ratio_low": 0.1, "ratio_high": 1},
)


# What readers say, and editors


def make_suggestion(**fields):
    """Return what a reader finds wrong, with a finding unless a target is given."""
    if not set(TARGETS) & fields.keys():
        fields["finding"] = make_finding()
    [target] = [fields[name] for name in TARGETS if fields.get(name)]
    make = maker(models.Suggestion, problem="It is out of date.", stamp=stamp(target))
    return make(**fields)


def make_editor(*permissions, username=None):
    """Return somebody who may enter the admin, with ``permissions`` by codename."""
    editor = get_user_model().objects.create_user(
        username or _unique("editor"), is_staff=True
    )
    editor.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return editor


def make_proposal(*, row=None, **fields):
    row = row or make_finding()
    about = {
        "model_label": row._meta.label_lower,
        "object_pk": row.pk,
        "name": str(row),
        "changes": [{"model": row._meta.label_lower, "name": str(row)} | NO_CHANGE],
    }
    return _make_proposal(**about | fields)


_make_proposal = maker(
    models.Proposal,
    posted={"note": ["Another note."]},
    digest=lambda: _unique("digest"),
    reason="It is out of date.",
    author=make_editor,
    sent_at=timezone.now,
)
make_work = maker(
    models.Work, editor=make_editor, kind=WorkKind.LINKS, title="Link check"
)


# The advisor

_make_theme = maker(advisor.Theme, description="How good it is at this.")


def make_theme(*, shares=None, **fields):
    """Return a theme; ``shares`` maps features to their shares."""
    theme = _make_theme(**fields)
    for feature, share in (shares or {}).items():
        make_share(theme=theme, feature=feature, share=share)
    return theme


make_share = maker(advisor.Share, theme=make_theme, feature=make_feature, share="1.0")


def make_question(**fields):
    """Return a question that asks for must-haves, or for points if given a theme."""
    has_theme = fields.get("theme") is not None
    kind = QuestionKind.PRIORITY if has_theme else QuestionKind.MUST_HAVES
    return maker(advisor.Question, kind=kind, text="What do you need?")(**fields)


make_choice = maker(advisor.Choice, question=make_question)


def make_effect(**fields):
    """Return the requirement of a feature, or points if ``points`` are given."""
    defaults = {"kind": EffectKind.SET_POINTS}
    if "points" not in fields:
        defaults = {"kind": EffectKind.REQUIRE, "level": Level.THIRD_PARTY}
    if not {"theme", "feature"} & fields.keys():
        fields["feature"] = make_feature()
    return maker(advisor.Effect, choice=make_choice, **defaults)(**fields)


def make_answer(question, slug, **effect):
    """Return an answer to ``question``, a row or its slug, that has one effect."""
    if isinstance(question, str):
        question = advisor.Question.objects.get(slug=question)
    choice = make_choice(question=question, slug=slug)
    make_effect(choice=choice, **effect)
    return choice


def make_priority(theme, steps=Step.values, **fields):
    """Return a question that gives ``theme`` one of so many points."""
    question = make_question(slug=f"priority-{theme.slug}", theme=theme, **fields)
    for points in steps:
        make_answer(question, str(points), theme=theme, points=points)
    return question


_make_preset = maker(
    advisor.Preset,
    choice=lambda: make_choice(question=make_question(kind=QuestionKind.PROJECT)),
    why="The manual says so.",
)


def make_preset(*, points=None, **fields):
    """Return a preset; ``points`` maps themes to their points."""
    preset = _make_preset(**fields)
    for theme, given in (points or {}).items():
        make_preset_points(preset=preset, theme=theme, points=given)
    return preset


make_preset_points = maker(
    advisor.PresetPoints, preset=make_preset, theme=make_theme, points=Step.IMPORTANT
)
make_conflict = maker(
    advisor.Conflict,
    first=make_choice,
    second=make_choice,
    message="Few are good at both.",
)
make_kinship = maker(
    advisor.Kinship,
    known=make_framework,
    helped=make_framework,
    source=make_source,
    worth=Decimal("0.5"),
    reason="Both route in the same way.",
    locator="Introduction",
    accessed_date=READ_ON,
)
make_persona = maker(
    advisor.Persona, story="They start on Monday.", answers={"project": "microservice"}
)
make_expectation = maker(
    advisor.Expectation,
    persona=make_persona,
    source=make_source,
    locator="Introduction",
    says="It is made for this.",
    accessed_date=READ_ON,
)


def make_tie_break(*, slug, themes, points, **fields):
    """Return a question that gives one of ``themes`` more points."""
    question = make_question(slug=slug, kind=QuestionKind.TIE_BREAK, **fields)
    adds = {"kind": EffectKind.ADD_POINTS, "points": points}
    for theme in themes:
        make_answer(question, theme.slug, theme=theme, **adds)
    return question


make_advice = maker(
    advisor.Advice,
    answers={},
    result={"verdict": {}, "ranking": [], "excluded": [], "flips": []},
    data_version=1,
)
make_judgement = maker(
    advisor.Judgement, month="2026-11-01", framework="flask", answer="yes", count=1
)
make_advice_group = maker(advisor.AdviceGroup, owner_digest=lambda: _unique("digest"))
make_member = maker(
    advisor.GroupMember,
    group=make_advice_group,
    number=1,
    code_digest=lambda: _unique("digest"),
)
make_group_advice = maker(
    advisor.GroupAdvice,
    group=make_advice_group,
    number=1,
    answers=[],
    result={},
    data_version=1,
)


# Makers that are not called after their model.
MAKERS = {
    models.Alias: lambda: make_alias(make_extension()),
    models.CodeSample: make_sample,
    models.MeasurementRun: make_run,
    models.PassageCheck: make_passage_check,
    models.ProCon: make_pro_con,
    advisor.AdviceGroup: make_advice_group,
    advisor.GroupAdvice: make_group_advice,
    advisor.GroupMember: make_member,
    advisor.PresetPoints: make_preset_points,
}


def make_row(model, **fields):
    """Return a row of ``model``, whatever that is."""
    return (MAKERS.get(model) or globals()[f"make_{model._meta.model_name}"])(**fields)
