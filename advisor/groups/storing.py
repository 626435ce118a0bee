"""From the answers of a group's members to its stored advice."""

from django.db import transaction
from django.utils import timezone

from advisor.groups.result import group_as_dict, result_for_group
from advisor.models import AdviceGroup, GroupAdvice, GroupMember
from advisor.models.codes import digest_of, new_code
from advisor.models.groups import MOST_MEMBERS
from advisor.results.storing import as_json
from comparisons.editing.locks import lock
from comparisons.models import KnowledgeVersion

# How often the answers of one group are combined; the last time closes it.
MOST_RESULTS = 20


class GroupRefusal(Exception):
    """Why a group does not take what was asked of it, in a sentence for visitors."""


def start_group(name):
    """Store a new group and return it with the code of its owner.

    The code is known now and never again.
    """
    code = new_code()
    group = AdviceGroup.objects.create(name=name, owner_digest=digest_of(code))
    return group, code


@transaction.atomic
def answer(group, code, *, name, answers):
    """Store the answers of whoever holds ``code``, new or instead of earlier ones.

    Raises:
        GroupRefusal: the group is closed or full; nothing is stored.
        DoesNotExist: somebody deleted it.
    """
    group = lock(group)
    if group.is_closed:
        raise GroupRefusal("The group is closed, so your answers were not stored.")
    member = member_with(group, code)
    if member is None:
        taken = set(group.members.values_list("number", flat=True))
        # The number of one who was removed is free again.
        free = set(range(1, MOST_MEMBERS + 1)) - taken
        if not free:
            raise GroupRefusal(
                f"The group is full: {MOST_MEMBERS} people have answered, "
                "so your answers were not stored."
            )
        member = GroupMember(
            group=group, number=min(free), code_digest=_digest(group, code)
        )
    member.name = name
    member.answers = answers
    member.save()
    return member


def member_with(group, code):
    """Return the member of ``group`` who holds ``code``, or None."""
    return group.members.filter(code_digest=_digest(group, code)).first()


@transaction.atomic
def remove(group, number):
    """Forget the answers of member ``number``, whom the owner did not mean to ask.

    Raises:
        GroupRefusal: the group is closed, or has no such member.
        DoesNotExist: somebody deleted the group.
    """
    group = lock(group)
    if group.is_closed:
        raise GroupRefusal("The group is closed, so nobody can be removed.")
    found = str(number).isdecimal() and len(number) < 10
    if not found or not group.members.filter(number=number).delete()[0]:
        raise GroupRefusal("There is no such member any more.")


def combine(questionnaire, group, *, closes=False):
    """Return the stored result of all answers to ``group``, and close it if asked.

    Answers and knowledge that gave the latest result are not stored twice.

    Raises:
        GroupRefusal: nobody has answered, there are too many results already, or
            the group is closed without one.
        DoesNotExist: somebody deleted the group.
    """
    # Read first: a change that comes in between is reported rather than missed.
    data_version = KnowledgeVersion.current()
    said = said_by(group.members.all())
    # Outside of a transaction, in which SQLite would let nobody else write.
    result = said and group_as_dict(result_for_group(questionnaire, said))
    with transaction.atomic():
        stored = _store(group, said, result, data_version, closes=closes)
    # Whoever answered meanwhile is heard, too.
    return stored or combine(questionnaire, group, closes=closes)


def _store(group, said, result, data_version, *, closes):
    """Store the ``result`` of what was ``said``; None if other things are said now."""
    group = lock(group)
    latest = group.results.first()
    if group.is_closed and latest is None:
        raise GroupRefusal("The group is closed, and its result is gone.")
    if group.is_closed:
        return latest
    if said_by(group.members.all()) != said:
        return None
    if not said:
        raise GroupRefusal("Nobody has answered yet, so there is nothing to combine.")
    if latest is None or latest.said != (said, data_version):
        number = latest.number + 1 if latest else 1
        if number >= MOST_RESULTS and not closes:
            raise GroupRefusal(
                f"The answers have been combined {MOST_RESULTS - 1} times. "
                "Close the group to combine them once more."
            )
        latest = GroupAdvice.objects.create(
            group=group,
            number=number,
            answers=said,
            result=result,
            data_version=data_version,
        )
    if closes:
        group.closed_at = timezone.now()
        group.save(update_fields=["closed_at"])
    return latest


def said_by(members):
    """Return the ``name`` and ``answers`` of each of ``members``, no name twice."""
    members = list(members)
    names = [str(member) for member in members]
    return [
        {
            "name": (
                f"{member} ({member.number})"
                if names.count(str(member)) > 1
                else str(member)
            ),
            "answers": member.answers,
        }
        for member in members
    ]


def group_as_json(advice):
    """Return the stored advice of a group in the open format."""
    return as_json(advice) | {
        "group": advice.result["group"],
        "themes": advice.result["themes"],
    }


def _digest(group, code):
    """Return what is stored of a member's code, which one group alone knows."""
    return digest_of(f"{group.pk} {code}")
