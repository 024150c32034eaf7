from django.db import migrations, models


class Migration(migrations.Migration):
    """What is judged of a month is found by its days: the orders by the day on which the car came
    in (REP-04), what care booked by the moment of booking (PEN-07)."""

    dependencies = [("service", "0001_whole")]

    operations = [
        migrations.AddIndex(
            model_name="repairorder",
            index=models.Index(
                fields=["store", "in_on"],
                condition=models.Q(("status", ""), _negated=True),
                name="service_repairorder_came_in",
            ),
        ),
        migrations.AddIndex(
            model_name="appointment",
            index=models.Index(
                fields=["store", "made_at"],
                condition=models.Q(("source", "care")),
                name="service_appointment_by_care",
            ),
        ),
    ]
