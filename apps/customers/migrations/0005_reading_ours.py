"""What people here said of mileage, found by store: few beside what the DMS says (DATA-05)."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('customers', '0004_search_speed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='mileagereading',
            index=models.Index(condition=models.Q(('recorded_by__isnull', False)), fields=['store'], name='customers_reading_ours'),
        ),
    ]
