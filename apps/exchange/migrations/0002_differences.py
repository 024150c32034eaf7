"""What the DMS has otherwise than our record, and what people decided (DATA-05)."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('customers', '0005_reading_ours'),
        ('exchange', '0001_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('service', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Difference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.CharField(max_length=40, verbose_name='field')),
                ('ours', models.CharField(blank=True, max_length=254, verbose_name='here')),
                ('theirs', models.CharField(max_length=254, verbose_name='in the DMS')),
                ('theirs_sealed', models.TextField(blank=True, db_default='')),
                ('status', models.CharField(choices=[('open', 'undecided'), ('ours_kept', 'ours kept'), ('theirs_taken', "the DMS's taken"), ('gone', 'no longer differs')], db_default='open', max_length=12)),
                ('found_at', models.DateTimeField(verbose_name='found at')),
                ('said_at', models.DateTimeField()),
                ('file_name', models.CharField(blank=True, db_default='', max_length=200)),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided at')),
                ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='differences', to='customers.customer')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('order', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='service.repairorder', verbose_name='order')),
                ('ours_customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.customer')),
                ('run', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='differences', to='exchange.importrun')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.store')),
                ('theirs_customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.customer')),
                ('vehicle', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='differences', to='customers.vehicle')),
            ],
            options={
                'verbose_name': 'difference',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='DifferenceEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('field', models.CharField(max_length=40, verbose_name='field')),
                ('status', models.CharField(choices=[('open', 'undecided'), ('ours_kept', 'ours kept'), ('theirs_taken', "the DMS's taken"), ('gone', 'no longer differs')], db_default='open', max_length=12)),
                ('found_at', models.DateTimeField(verbose_name='found at')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided at')),
                ('customer', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='customers.customer')),
                ('decided_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('order', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='service.repairorder', verbose_name='order')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='exchange.difference')),
                ('store', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.store')),
                ('vehicle', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='customers.vehicle')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='difference',
            index=models.Index(condition=models.Q(('status', 'open')), fields=['store', '-id'], name='exchange_difference_open'),
        ),
        migrations.AddConstraint(
            model_name='difference',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'open')), fields=('customer', 'vehicle', 'order', 'field'), name='exchange_difference_one_open', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='difference',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('customer__isnull', False), ('order', None), ('vehicle', None)), models.Q(('customer', None), ('vehicle__isnull', False)), _connector='OR'), name='exchange_difference_of_one_record'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='difference',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."customer_id" IS DISTINCT FROM (NEW."customer_id") OR OLD."decided_at" IS DISTINCT FROM (NEW."decided_at") OR OLD."decided_by_id" IS DISTINCT FROM (NEW."decided_by_id") OR OLD."field" IS DISTINCT FROM (NEW."field") OR OLD."found_at" IS DISTINCT FROM (NEW."found_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."order_id" IS DISTINCT FROM (NEW."order_id") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."store_id" IS DISTINCT FROM (NEW."store_id") OR OLD."vehicle_id" IS DISTINCT FROM (NEW."vehicle_id"))', func='INSERT INTO "exchange_differenceevent" ("customer_id", "decided_at", "decided_by_id", "field", "found_at", "id", "order_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "status", "store_id", "vehicle_id") VALUES (OLD."customer_id", OLD."decided_at", OLD."decided_by_id", OLD."field", OLD."found_at", OLD."id", OLD."order_id", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."status", OLD."store_id", OLD."vehicle_id"); RETURN NULL;', hash='0d79cbf2ed77b13e11c7782199e8541f1b8a82ee', operation='UPDATE', pgid='pgtrigger_update_update_b6b73', table='exchange_difference', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='difference',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "exchange_differenceevent" ("customer_id", "decided_at", "decided_by_id", "field", "found_at", "id", "order_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "status", "store_id", "vehicle_id") VALUES (OLD."customer_id", OLD."decided_at", OLD."decided_by_id", OLD."field", OLD."found_at", OLD."id", OLD."order_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."status", OLD."store_id", OLD."vehicle_id"); RETURN NULL;', hash='50571bdb2b2711c2001a6673a0fab023ef78d4a1', operation='DELETE', pgid='pgtrigger_delete_delete_b460e', table='exchange_difference', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='differenceevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='682f9b5b7e980d182e1a6254ce2d33188e96d359', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_e2cb8', table='exchange_differenceevent', when='BEFORE')),
        ),
    ]
