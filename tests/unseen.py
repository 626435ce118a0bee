"""Rows that readers do not see: one or more of each model, beside the knowledge."""

from advisor.models import Question
from comparisons.choices import FactKind, FeatureKind, Status
from tests import factories as make


def hide(knowledge, status=Status.DRAFT):
    """Add one row of each model to ``knowledge``, and what hangs on them.

    What has a state is in ``status``, so that readers see nothing of all this unless
    it is published.
    """
    orm, flask = knowledge.orm, knowledge.flask
    framework = make.make_framework(slug="hidden", status=status)
    feature = make.make_feature(slug="hidden-feature", status=status)
    make.make_threshold(feature=feature)
    source = make.make_source(slug="hidden-source")
    cited = {"source": source}
    for row in (framework, feature, source):
        make.make_alias(row)
    make.make_synonym(feature=feature)

    # What is said of it, and of others.
    of_it = {"framework": framework, "cited": cited}
    of_others = {"framework": flask, "status": status, "cited": cited}
    package = make.make_extension(frameworks=[framework])
    make.make_finding(feature=orm, alternatives=[package], **of_it)
    make.make_finding(framework=flask, feature=feature, cited=cited)
    finding = make.make_finding(feature=knowledge.throughput, **of_others)
    make.make_pro_con(feature=orm, **of_it)
    pro = make.make_pro_con(feature=orm, **of_others)
    make.make_pro_con(framework=flask, feature=feature, cited=cited)
    make.make_fact(**of_it)
    make.make_fact(kind=FactKind.ORIGIN, **of_others)
    make.make_adopter(**of_it)
    make.make_adopter(**of_others)
    task = make.make_task(feature=orm)
    make.make_sample(framework=flask, task=task, status=status)
    make.make_sample(framework=framework, task=knowledge.task)
    make.make_sample(framework=flask, task=make.make_task(feature=feature))

    make.make_measurement(framework=flask, run=make.make_run(status=status))
    make.make_measurement(framework=framework, run=knowledge.measured.run)

    compare(knowledge, [flask, framework], cited)
    compare(knowledge, [knowledge.bottle, flask], cited, status=status)
    verdict = make.make_verdict(comparison=knowledge.comparison, framework=framework)
    make.make_citation(verdict=verdict, **cited)
    knowledge.verdict.findings.add(finding)
    for part in (knowledge.comparison, knowledge.section):
        part.features.add(feature)
    question = make.make_disagreement(feature=orm, frameworks=[flask], status=status)
    make.make_position(
        disagreement=question, citations=knowledge.flask_orm.citations.all()
    )
    make.make_disagreement(feature=orm, frameworks=[flask, framework])
    make.make_disagreement(feature=feature)
    # A passage of a draft is no evidence on either side.
    knowledge.disagreement.positions.first().citations.add(*pro.citations.all())
    hide_questions(knowledge, feature, status)
    make.make_kinship(known=framework, helped=flask, source=source)
    make.make_kinship(known=flask, helped=knowledge.django, status=status)


def compare(knowledge, frameworks, cited, **fields):
    comparison = make.make_comparison(frameworks=frameworks, **fields)
    make.make_section(comparison=comparison, features=[knowledge.orm])
    verdict = make.make_verdict(comparison=comparison, framework=knowledge.flask)
    make.make_citation(verdict=verdict, **cited)


def hide_questions(knowledge, feature, status):
    theme = make.make_theme(
        slug="hidden-theme", shares={knowledge.orm: "1.0"}, status=status
    )
    make.make_share(theme=knowledge.learning, feature=feature, share="0.5")
    question = make.make_question(slug="hidden-question", status=status)
    answer = make.make_answer(question, "any", feature=knowledge.orm)
    priority = make.make_question(slug="priority-hidden", theme=theme)
    make.make_answer(priority, "4", theme=theme, points=4)

    make.make_answer("must_haves", "sealed", feature=feature)
    use_case = make.make_feature(
        group=feature.group, kind=FeatureKind.USE_CASE, status=status
    )
    project = make.make_answer("project", "hidden", feature=use_case, points=4)
    make.make_question(slug="opened", shown_if=project)
    # A choice that also acts on something published stays and does only that.
    both = Question.objects.get(slug="project").choices.get(slug="microservice")
    make.make_effect(choice=both, feature=feature, points=4)

    make.make_preset(choice=project)
    make.make_preset(
        choice=both,
        points={theme: 1},
        citations=knowledge.flask_orm.citations.all(),
        status=status,
    )
    first, second = knowledge.conflict.first, knowledge.conflict.second
    make.make_conflict(first=first, second=second, status=status)
    make.make_conflict(first=project, second=second)
    make.make_conflict(first=first, second=answer)
