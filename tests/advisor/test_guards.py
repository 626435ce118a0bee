import pytest
from django.db import IntegrityError, connection

from advisor.models import Advice
from tests.factories import make_advice

pytestmark = pytest.mark.django_db


def save(advice):
    advice.result = {}
    advice.save()


def update(advice):
    Advice.objects.update(answers={"project": ["microservice"]})


def bulk_update(advice):
    advice.data_version = 2
    Advice.objects.bulk_update([advice], ["data_version"])


def update_or_create(advice):
    Advice.objects.update_or_create(pk=advice.pk, defaults={"data_version": 2})


def write_sql(advice):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE advisor_advice SET data_version = 2")


@pytest.mark.parametrize(
    "change", [save, update, bulk_update, update_or_create, write_sql]
)
def test_stored_advice_never_changes(change):
    advice = make_advice()

    with pytest.raises(IntegrityError, match="Stored advice never changes"):
        change(advice)


def test_stored_advice_can_be_deleted():
    make_advice().delete()

    assert not Advice.objects.exists()
