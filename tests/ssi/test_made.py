"""The made responses are what the answering of a survey leaves (SSI-01, SSI-07)."""

from decimal import Decimal

from apps.ssi.choices import Round
from apps.ssi.models import Answer, FactorScore
from tests.ssi.made import finished_response


def test_a_made_response_has_its_answers_and_scores(store, manager):
    made = finished_response(
        store, {"delivery": 4, "deal_1": None}, consultant=manager, standards={"clean": False}
    )
    assert made.score == Decimal("712.00")  # 8 everywhere, 4 in the 22 % of delivery
    assert Answer.objects.filter(response=made, value=4).count() == 4
    assert Answer.objects.get(response=made, question__code="deal_1").value is None
    scores = dict(FactorScore.objects.filter(response=made).values_list("factor__code", "score"))
    assert len(scores) == 7
    assert (scores["delivery"], scores["deal"]) == (400, 800)
    assert [answer.kept for answer in made.standards.all()] == [False]
    assert made.consultant_name == "manager"


def test_one_of_a_lost_buyer_is_about_his_purchase(store):
    made = finished_response(store, 10, round=Round.LOST)
    assert (made.score, made.delivery, made.opportunity.status) == (1000, None, "lost")
    assert made.model.of_buyers is False
