"""A run into the knowledge: its source, its figures, and the levels that follow."""

import datetime

from comparisons.choices import (
    FactKind,
    Level,
    Metric,
    NoFragment,
    Setup,
    SourceKind,
    Stance,
    Status,
)
from comparisons.knowledge.parts import KnowledgeError
from comparisons.measuring.figures import figures
from comparisons.measuring.levels import ROWS, in_units, short
from comparisons.measuring.plan import plan_file, read_plan
from comparisons.measuring.rounds import conditions, visits
from comparisons.models import (
    Citation,
    Fact,
    Feature,
    Finding,
    Framework,
    Measurement,
    MeasurementRun,
    Source,
)

# A passage that asserts a level so far from ours disputes it.
DISPUTED = 0.5
FACTS = {
    Metric.START: FactKind.STARTUP_TIME,
    Metric.START_MEMORY: FactKind.MEMORY,
    Metric.SIZE: FactKind.INSTALLED_SIZE,
}


def record(log, status=Status.DRAFT):
    """Store the run of a log; return it and how many figures were too noisy.

    A run of the same day is replaced. Statements are left as they are, see ``rate``.
    """
    told, plan = conditions(log), plan_file()
    day = datetime.datetime.fromisoformat(told["began"]).date()
    slug = f"measurements-{day}"
    source, _ = Source.objects.update_or_create(
        slug=f"framewise-{slug}",
        defaults={
            "title": f"Framewise measurements of {day:%-d %B %Y}",
            "publisher": "Framewise",
            "kind": SourceKind.MEASUREMENT,
            "published_date": day,
            "interest": plan["interest"],
            "note": "Made with manage.py measure_frameworks.",
        },
    )
    run, _ = MeasurementRun.objects.update_or_create(
        slug=slug,
        defaults={
            "source": source,
            "measured_on": day,
            "rounds": max(visit["round"] for visit in visits(log)),
            "seconds": told["seconds"],
            "machine": "{cores} cores of {processor}, {system}".format(**told),
            "versions": _versions(told),
            "baseline": plan["baseline"]["name"],
            "conditions": plan["method"],
            "status": status,
        },
    )
    run.measurements.all().delete()
    found, noisy = figures(log)
    frameworks = {framework.slug: framework for framework in Framework.objects.all()}
    for figure in found:
        absolute, ratio = figure.absolute, figure.ratio
        Measurement.objects.create(
            run=run,
            framework=frameworks[figure.framework],
            setup=figure.setup,
            metric=figure.metric,
            connections=figure.connections,
            value=absolute.value,
            low=absolute.low,
            high=absolute.high,
            ratio=ratio and ratio.value,
            ratio_low=ratio and ratio.low,
            ratio_high=ratio and ratio.high,
        )
    return run, len(noisy)


def _versions(told):
    lines = [f"{told['python']}, {told['database']}."]
    for contestant in read_plan():
        servers = ", ".join(f"{each.role}: {each.server}" for each in contestant.setups)
        lines.append(f"{contestant.package or 'Baseline'}: {servers}.")
    return "\n".join(lines)


def rate(run):
    """Give the measured features and facts what ``run`` says.

    Returns (finding, level before); the words of a decision are an editor's to read
    again.
    """
    changed = []
    features = Feature.objects.filter(slug__in=ROWS)
    if missing := ROWS.keys() - {feature.slug for feature in features}:
        names = ", ".join(sorted(missing))
        raise KnowledgeError(f"No feature is defined for what was measured: {names}.")
    frameworks = Framework.objects.filter(measurements__run=run).distinct()
    for framework in frameworks:
        measured = list(run.measurements.filter(framework=framework))
        for feature in features:
            row = ROWS[feature.slug]
            level = row.level(measured)
            if level.is_known:
                told = _told(row, measured)
                changed.append(_rate(framework, feature, level, told, run))
        for figure in measured:
            if kind := FACTS.get(figure.metric):
                _state(framework, kind, figure, run)
    return changed


def _rate(framework, feature, level, told, run):
    key = {"framework": framework, "feature": feature}
    finding = Finding.objects.filter(**key).first() or Finding(**key)
    before = finding.level or Level.UNKNOWN
    finding.level, finding.note = level, told
    finding.at_least = finding.at_most = ""
    is_new = finding.pk is None
    if is_new:
        finding.save()
    _cite(finding, {"finding": finding}, feature.name, told, run, level=level)
    for passage in finding.citations.exclude(source=run.source).exclude(level=""):
        if passage.stance != Stance.CONTEXT and passage.asserted.is_known:
            is_far = abs(passage.asserted.worth - level.worth) >= DISPUTED
            passage.stance = Stance.DISPUTES if is_far else Stance.SUPPORTS
            passage.save()
    finding.status = Status.PUBLISHED
    finding.save()
    return finding, before


def _state(framework, kind, figure, run):
    fact = Fact.objects.filter(framework=framework, kind=kind).first()
    if fact is None:
        return
    fact.value = in_units(figure)
    said = f"{fact.get_kind_display()}: {fact.value}{_compared(figure)}."
    if figure.ratio is not None:
        fact.note = said
    fact.save()
    _cite(fact, {"fact": fact}, fact.get_kind_display(), said, run)


def _cite(statement, of, locator, says, run, **fields):
    """Let the passage of an earlier measurement be one of this run."""
    old = statement.citations.filter(source__kind=SourceKind.MEASUREMENT).first()
    passage = old or Citation(**of)
    values = {"source": run.source, "stance": Stance.SUPPORTS, "locator": locator}
    values |= {"says": says, "accessed_date": run.measured_on} | fields
    values["no_fragment"] = NoFragment.NO_ANCHORS
    for name, value in values.items():
        setattr(passage, name, value)
    passage.save()


def _told(row, measured):
    """Say the figures of a row in words."""
    said = []
    for figure in row.deciding(measured):
        count = figure.connections
        at = f" on {count} connection{'s' * (count != 1)}" if count else ""
        metric = figure.get_metric_display()
        said.append(f"{metric}{at}: {in_units(figure)}{_compared(figure)}.")
    return " ".join(said)


def _compared(figure):
    """Say what share or multiple of the baseline a figure is."""
    if figure.ratio is None:
        return ""
    is_alone = figure.setup == Setup.ALONE
    base = "the bare interpreter" if is_alone else "that without a framework"
    if not Metric(figure.metric).is_cost:
        return f", {100 * figure.ratio:.0f}\N{NO-BREAK SPACE}% of {base}"
    return f", {short(figure.ratio)} times {base}"
