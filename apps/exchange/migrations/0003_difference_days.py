"""A car has a mileage for each day: each day may differ by itself (DATA-05, CUS-07)."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('customers', '0005_reading_ours'),
        ('exchange', '0002_differences'),
        ('service', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='difference',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='difference',
            name='delete_delete',
        ),
        migrations.RemoveConstraint(
            model_name='difference',
            name='exchange_difference_one_open',
        ),
        migrations.AddField(
            model_name='difference',
            name='on',
            field=models.DateField(null=True, verbose_name='day'),
        ),
        migrations.AddField(
            model_name='differenceevent',
            name='on',
            field=models.DateField(null=True, verbose_name='day'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='difference',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."customer_id" IS DISTINCT FROM (NEW."customer_id") OR OLD."decided_at" IS DISTINCT FROM (NEW."decided_at") OR OLD."decided_by_id" IS DISTINCT FROM (NEW."decided_by_id") OR OLD."field" IS DISTINCT FROM (NEW."field") OR OLD."found_at" IS DISTINCT FROM (NEW."found_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."on" IS DISTINCT FROM (NEW."on") OR OLD."order_id" IS DISTINCT FROM (NEW."order_id") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."store_id" IS DISTINCT FROM (NEW."store_id") OR OLD."vehicle_id" IS DISTINCT FROM (NEW."vehicle_id"))', func='INSERT INTO "exchange_differenceevent" ("customer_id", "decided_at", "decided_by_id", "field", "found_at", "id", "on", "order_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "status", "store_id", "vehicle_id") VALUES (OLD."customer_id", OLD."decided_at", OLD."decided_by_id", OLD."field", OLD."found_at", OLD."id", OLD."on", OLD."order_id", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."status", OLD."store_id", OLD."vehicle_id"); RETURN NULL;', hash='6d0905e4f8ff1efe8f384df02d97693d75cdf115', operation='UPDATE', pgid='pgtrigger_update_update_b6b73', table='exchange_difference', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='difference',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "exchange_differenceevent" ("customer_id", "decided_at", "decided_by_id", "field", "found_at", "id", "on", "order_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "status", "store_id", "vehicle_id") VALUES (OLD."customer_id", OLD."decided_at", OLD."decided_by_id", OLD."field", OLD."found_at", OLD."id", OLD."on", OLD."order_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."status", OLD."store_id", OLD."vehicle_id"); RETURN NULL;', hash='4e44990452d618dffc90c6ecc0d1bc337349db6c', operation='DELETE', pgid='pgtrigger_delete_delete_b460e', table='exchange_difference', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='difference',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'open')), fields=('customer', 'vehicle', 'order', 'field', 'on'), name='exchange_difference_one_open', nulls_distinct=False),
        ),
    ]
