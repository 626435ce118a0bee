"""Writers at the same time, each with a connection of its own."""

import os
import re
import time
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from advisor.models import JudgedAdvice, Judgement
from advisor.results.judging import judge
from comparisons.choices import Status
from comparisons.models import ChangeSet, Citation, Finding
from tests import factories as make
from tests.forms import desk_address, filled_in

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite",
        reason="SQLite's transactions write one after the other; "
        "DATABASE_URL=postgres://… runs this.",
    ),
]

WRITERS = 8
STORED = re.compile("<strong>Stored now</strong>\\s*<p>(.*?)</p>")
# Longer: WRITING_SECONDS=30 pytest tests/test_concurrency.py
SECONDS = float(os.environ.get("WRITING_SECONDS", "3"))


def write(user, name, row, fields, until):
    """Add words to ``fields`` of the form of ``row``, one after the other.

    Returns the words of accepted saves, by field, and how many were refused.
    """
    client, accepted, refused, number = Client(), [], 0, 0
    client.force_login(user)
    address = desk_address(type(row), "change", row.pk)
    try:
        # Once at least, however busy the machine is.
        while not number or time.monotonic() < until:
            number += 1
            field, word = fields[number % len(fields)], f"{name}-{number}"
            data = filled_in(client.get(address))
            data |= {field: f"{data[field]} {word}", "change_reason": word}
            while (response := client.post(address, data)).status_code == 409:
                refused += 1
                # The form is back with both texts; the word goes after the other.
                data = filled_in(response)
                conflict = response.context_data["conflict"]
                if difference := conflict.differences.get(field):
                    data[field] = f"{STORED.search(difference)[1]} {word}"
            assert response.status_code == 302
            accepted.append((field.split("-")[-1], word))
    finally:
        connection.close()
    return accepted, refused


def test_what_eight_writers_got_accepted_is_all_there(django_user_model):
    finding = make.make_finding(draft=True, cited=True, note="Words:")
    passage = finding.citations.get()
    ChangeSet.objects.all().delete()
    until = time.monotonic() + SECONDS
    # Most write in the form of the finding, the others in that of its passage.
    forms = [(finding, ["note", "citations-0-says"]), (passage, ["says"])]
    with ThreadPoolExecutor(WRITERS) as pool:
        writers = [
            pool.submit(
                write,
                django_user_model.objects.create_superuser(f"writer-{number}"),
                f"w{number}",
                *forms[number % 3 == 0],
                until,
            )
            for number in range(WRITERS)
        ]
        results = [writer.result() for writer in writers]

    accepted = [saved for saves, _ in results for saved in saves]
    words = {
        "note": Finding.objects.get().note.split()[1:],
        "says": Citation.objects.get().says.split(" w")[1:],
    }
    words["says"] = [f"w{word}" for word in words["says"]]
    stored = [(field, word) for field, found in words.items() for word in found]
    assert accepted
    assert sorted(stored) == sorted(accepted)
    recorded = ChangeSet.objects.values_list("reason", flat=True)
    assert sorted(recorded) == sorted(word for _, word in accepted)
    refused = sum(each for _, each in results)
    print(f"{len(accepted)} accepted, {refused} refused")


def publish(finding):
    try:
        Finding.objects.filter(pk=finding.pk).update(status=Status.PUBLISHED)
    finally:
        connection.close()


def test_nobody_publishes_what_somebody_is_just_changing():
    """Otherwise neither would raise the version for what both changed together."""
    source = make.make_source()
    finding = make.make_finding(draft=True, cited={"source": source})
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            source.save()
            publishing = pool.submit(publish, finding)
            wait([publishing], timeout=1)
            assert not publishing.done()
        publishing.result()


def test_nobody_publishes_what_loses_its_last_passage():
    finding = make.make_finding(draft=True, cited=True)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            finding.citations.get().delete()
            publishing = pool.submit(publish, finding)
            wait([publishing], timeout=1)
            assert not publishing.done()
        with pytest.raises(IntegrityError):
            publishing.result()


def judge_at_once(advice):
    try:
        return judge(advice, "yes")
    finally:
        connection.close()


def test_what_eight_say_at_once_of_results_is_counted_once_for_each():
    told = [
        make.make_advice(result={"ranking": [{"framework": "flask"}]}) for _ in range(4)
    ]
    with ThreadPoolExecutor(WRITERS) as pool:
        counted = list(pool.map(judge_at_once, told * 5))

    assert sum(counted) == len(told)
    assert JudgedAdvice.objects.count() == len(told)
    assert Judgement.objects.get().count == len(told)
