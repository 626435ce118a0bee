import pytest, time
from comparisons.models import *
def test_k(knowledge): assert Finding.objects.count()==11
def test_s(shipped_knowledge): assert Finding.objects.count()>11
def test_s2(shipped_knowledge): assert Finding.objects.count()>11
@pytest.mark.django_db(transaction=True)
def test_s3(shipped_knowledge): assert Finding.objects.count()>11
@pytest.mark.django_db(transaction=True)
def test_s4(shipped_knowledge): assert Finding.objects.count()>11;Framework.objects.filter(slug="flask").delete
@pytest.mark.django_db(transaction=True)
def test_s5(shipped_knowledge): assert Finding.objects.count()>11
def test_s6(shipped_knowledge): Framework.objects.create(slug="x", name="x", kind="micro"); assert Finding.objects.first().citations.first()
