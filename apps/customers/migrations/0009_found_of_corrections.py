from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0008_number_health'),
    ]

    operations = [
        migrations.RunSQL(
            """
            UPDATE customers_numbercorrection AS asked SET found = number.status
              FROM customers_contactnumber AS number
             WHERE number.id = asked.number_id AND number.status <> 'good'
            """,
            migrations.RunSQL.noop,
        ),
    ]
