"""The attempts of a call as evidence: counted with its fact, told where a proposal is written.

A fact is looked at again and again, but what it says changes seldom: attempts are only ever added
to a call. So it is enough to know how many there are, and to tell them when that differs.
"""

from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from apps.care.models import Attempt

# The evidence of ``judged`` with its attempts instead of their number; what counts none, as it is.
TOLD = """jsonb_set(judged.evidence, '{attempts}', to_jsonb(ARRAY(
        SELECT jsonb_build_object('at', at, 'slot', slot, 'result', result, 'counted', counted)
        FROM care_attempt WHERE call_id = (judged.evidence->>'call')::bigint ORDER BY at, id
    )), false)"""
# The evidence of the proposal ``row`` with the number of its attempts again.
COUNTED = """coalesce(jsonb_set(row.evidence, '{attempts}',
        to_jsonb(jsonb_array_length(row.evidence->'attempts')), false), row.evidence)"""


def number_of_tries() -> Any:
    """Of a queryset of calls."""
    tries = Attempt.objects.filter(call=OuterRef("pk")).order_by().values("call")
    return Coalesce(
        Subquery(tries.annotate(n=Count("*")).values("n"), output_field=IntegerField()), Value(0)
    )
