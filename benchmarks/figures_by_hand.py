"""Each figure of the month reports as an expert would ask for it. No benchmark."""

from typing import Any

from apps.core.dates import days_span
from apps.reports.choices import Figure
from apps.reports.figures.catalogue import Month

FIRST_RETURN = """
    SELECT count(*) FILTER (WHERE EXISTS (
            SELECT FROM service_repairorder AS visit
             WHERE visit.vehicle_id = car.id AND visit.store_id = car.store_id
               AND visit.kind IN ('first_service', 'maintenance')
               AND visit.out_on <= car.first_service_due_on + %(first_within)s)), count(*)
      FROM customers_vehicle AS car
      JOIN customers_customer AS owner ON owner.id = car.owner_id AND NOT owner.refuses_service
     WHERE car.store_id = %(store)s AND car.sold_here
       AND car.first_service_due_on BETWEEN %(first)s AND %(last)s
       AND NOT EXISTS (SELECT FROM customers_stopcontact AS stop
            WHERE stop.ended_at IS NULL AND stop.kind = 'first_service'
              AND stop.vehicle_id = car.id AND stop.customer_id = car.owner_id)"""
MAINTENANCE_RETURN = """
    SELECT count(*) FILTER (WHERE ended_on <= event_on + %(within)s), count(*)
      FROM customers_maintenancecycle AS cycle
      JOIN customers_vehicle AS car ON car.id = cycle.vehicle_id
      JOIN customers_customer AS owner ON owner.id = car.owner_id AND NOT owner.refuses_service
     WHERE cycle.store_id = %(store)s AND event_on BETWEEN %(first)s AND %(last)s
       AND (ended_on IS NULL OR ended_on >= event_on - %(within)s)
       AND NOT EXISTS (SELECT FROM customers_stopcontact AS stop
            WHERE stop.ended_at IS NULL AND stop.kind = 'maintenance'
              AND stop.vehicle_id = car.id AND stop.customer_id = car.owner_id)"""
REMINDED = """
    SELECT count(*) FILTER (WHERE
            (status = 'reached' OR status = 'failed' AND end_reason = 'three_attempts'
                AND attempts >= 3 AND EXISTS (
                    SELECT FROM messaging_message AS message
                     WHERE message.store_id = call.store_id
                       AND message.status NOT IN ('failed', 'cancelled')
                       AND dedupe_key = 'fallback:' || call.id || ':' || call.event_on))
            AND (ended_at AT TIME ZONE 'Asia/Shanghai')::date <= due_on), count(*)
      FROM care_call AS call
     WHERE store_id = %(store)s AND kind = '{kind}' AND due_on BETWEEN %(first)s AND %(last)s
       AND status IN ('waiting', 'claimed', 'reached', 'messaged', 'failed', 'lapsed', 'withdrawn')
       AND NOT made_up
       AND NOT (status = 'withdrawn' AND (
            end_reason IN ('stopped', 'car_gone', 'new_owner', 'not_owed', 'merged')
            OR coalesce((proof->>'in_on')::date, (proof->>'on')::date,
                (ended_at AT TIME ZONE 'Asia/Shanghai')::date) <= due_on))"""
APPOINTMENTS = """
    SELECT count(appointment_id), count(*) FROM service_repairorder
     WHERE store_id = %(store)s AND in_on BETWEEN %(first)s AND %(last)s
       AND NOT status = '' AND opened_at IS NOT NULL"""
SHOW_UP = """
    SELECT count(*) FILTER (WHERE status = 'arrived'), count(*) FROM service_appointment
     WHERE store_id = %(store)s AND "on" BETWEEN %(first)s AND %(last)s AND status <> 'cancelled'
       AND (status IN ('arrived', 'no_show') OR starts_at < %(midnight)s)"""
CHURN = """
    SELECT count(*) FILTER (WHERE seen <= %(last)s - %(churn_from)s AND (
            SELECT event_on FROM customers_maintenancecycle AS cycle
             WHERE cycle.vehicle_id = car.id AND base_on <= %(last)s
             ORDER BY base_on DESC LIMIT 1) <= %(last)s - %(at_risk)s), count(*)
      FROM (SELECT car.id, CASE WHEN last_seen_on <= %(last)s THEN last_seen_on ELSE coalesce(
                    (SELECT max(out_on) FROM service_repairorder AS visit
                      WHERE visit.vehicle_id = car.id AND out_on <= %(last)s),
                    CASE WHEN sold_here AND delivered_on <= %(last)s THEN delivered_on END)
                END AS seen
              FROM customers_vehicle AS car
              JOIN customers_customer AS owner ON owner.id = car.owner_id
               AND NOT owner.refuses_service
             WHERE car.store_id = %(store)s AND fate = 'in_use'
               AND (delivered_on IS NULL OR delivered_on <= %(last)s)) AS car
     WHERE seen BETWEEN %(last)s - %(churn_until)s AND %(last)s"""
ALONG = """
    SELECT count(*) FILTER (WHERE {has}), count(*) FROM reception_salesorder AS contract
     WHERE store_id = %(store)s AND status = 'delivered'
       AND delivered_at >= %(start)s AND delivered_at < %(end)s"""
LOAN = """EXISTS (SELECT FROM reception_loanapplication AS loan
    WHERE loan.order_id = contract.id AND loan.status IN ('approved', 'paid_out'))"""
DSM_IN_TIME = """
    SELECT count(*) FILTER (WHERE entered_at <= due_at AND accepted_why = ''), count(*)
      FROM delivery_dsmrecord
     WHERE store_id = %(store)s AND due_at >= %(start)s AND due_at < %(end)s
       AND (due_at < %(now)s OR entered_at <= due_at AND accepted_why = '')"""
SSI = """
    SELECT count(*), count(*), avg(score) FROM ssi_response
     WHERE store_id = %(store)s AND "on" BETWEEN %(first)s AND %(last)s
       AND status = 'done' AND score IS NOT NULL AND model_id = (
        SELECT model_id FROM ssi_response AS newest
          JOIN ssi_surveymodel AS model ON model.id = model_id AND of_buyers
         WHERE newest.store_id = %(store)s AND "on" BETWEEN %(first)s AND %(last)s
           AND status = 'done' AND score IS NOT NULL
         ORDER BY effective_from DESC NULLS LAST, model_id DESC LIMIT 1)"""

SQL: dict[Figure, str] = {
    Figure.FIRST_RETURN: FIRST_RETURN,
    Figure.MAINTENANCE_RETURN: MAINTENANCE_RETURN,
    Figure.FIRST_REMINDED: REMINDED.replace("{kind}", "first_service"),
    Figure.MAINTENANCE_REMINDED: REMINDED.replace("{kind}", "maintenance"),
    Figure.APPOINTMENTS: APPOINTMENTS,
    Figure.SHOW_UP: SHOW_UP,
    Figure.CHURN: CHURN,
    Figure.INSURANCE: ALONG.replace("{has}", "insurance_amount > 0"),
    Figure.LOANS: ALONG.replace("{has}", LOAN),
    Figure.ACCESSORIES: ALONG.replace("{has}", "accessories_amount > 0"),
    Figure.DSM_IN_TIME: DSM_IN_TIME,
    Figure.SSI: SSI,
}


def values(month: Month) -> dict[str, Any]:
    """What the statements are asked with."""
    start, end = days_span(*month.days)
    numbers = month.numbers
    return {
        **{"store": month.store.pk, "first": month.first, "last": month.last, "now": month.now},
        **{"start": start, "end": end, "midnight": days_span(month.today, month.today)[0]},
        "first_within": numbers.first_service_return_days,
        "within": numbers.maintenance_return_days,
        **{"churn_from": numbers.churn_from_days, "churn_until": numbers.churn_until_days},
        "at_risk": numbers.at_risk_days,
    }
