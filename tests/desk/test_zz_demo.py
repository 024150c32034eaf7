import pytest
from collections import Counter
from apps.desk.demo.people import add_people
from apps.desk.demo.handing import add_hand_overs
from apps.delivery.models import HandOver, DsmRecord
from tests.factories import TODAY
from apps.desk import invariants


@pytest.mark.django_db
def test_demo(store):
    people = add_people(store)
    add_hand_overs(store, people, 1, TODAY)
    print(
        Counter(HandOver.objects.values_list("status", flat=True)),
        Counter(DsmRecord.objects.values_list("status", flat=True)),
    )
    for r in HandOver.objects.order_by("starts_at"):
        print(
            r.on,
            r.status,
            r.consultant,
            r.area,
            r.planned_minutes,
            r.finished_at and r.finished_at - r.started_at,
        )
    print(invariants.broken())
