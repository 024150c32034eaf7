import django.db.models.deletion
import pgtrigger.compiler
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('exchange', '0001_initial'), ('exchange', '0002_differences'), ('exchange', '0003_difference_days'), ('exchange', '0004_catalogue_files'), ('exchange', '0005_price_lists')]

    initial = True

    dependencies = [
        ('accounts', '0001_whole'),
        ('customers', '0001_whole'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('service', '0001_whole'),
    ]

    operations = [
        migrations.CreateModel(
            name='ImportRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField()),
                ('status', models.CharField(choices=[('uploaded', 'columns to be checked'), ('checking', 'being checked'), ('checked', 'ready to be taken'), ('applying', 'being taken'), ('applied', 'taken'), ('failed', 'not usable')], db_default='uploaded', max_length=10)),
                ('skip_refused', models.BooleanField(db_default=False, verbose_name='take the good rows only')),
                ('consent_basis', models.CharField(blank=True, db_default='', help_text='empty: consent stays as it is (CARE-29)', max_length=80, verbose_name='marketing consent: on what basis')),
                ('counts', models.JSONField(blank=True, default=dict)),
                ('sample', models.JSONField(blank=True, default=list)),
                ('progress', models.PositiveSmallIntegerField(db_default=0)),
                ('asked_at', models.DateTimeField(blank=True, null=True)),
                ('problem', models.CharField(blank=True, db_default='', max_length=300)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='imports', to='accounts.store')),
            ],
            options={
                'verbose_name': 'import',
                'ordering': ['-pk'],
                'triggers': [pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."asked_at" IS DISTINCT FROM (NEW."asked_at") OR OLD."by_id" IS DISTINCT FROM (NEW."by_id") OR OLD."consent_basis" IS DISTINCT FROM (NEW."consent_basis") OR OLD."counts" IS DISTINCT FROM (NEW."counts") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."finished_at" IS DISTINCT FROM (NEW."finished_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."problem" IS DISTINCT FROM (NEW."problem") OR OLD."sample" IS DISTINCT FROM (NEW."sample") OR OLD."skip_refused" IS DISTINCT FROM (NEW."skip_refused") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."store_id" IS DISTINCT FROM (NEW."store_id"))', func='INSERT INTO "exchange_importrunevent" ("asked_at", "by_id", "consent_basis", "counts", "created_at", "finished_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "problem", "sample", "skip_refused", "status", "store_id") VALUES (OLD."asked_at", OLD."by_id", OLD."consent_basis", OLD."counts", OLD."created_at", OLD."finished_at", OLD."id", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."problem", OLD."sample", OLD."skip_refused", OLD."status", OLD."store_id"); RETURN NULL;', hash='5ac9cc1b1ef1e81d08eb8b9174dc2d3a691447f2', operation='UPDATE', pgid='pgtrigger_update_update_cb100', table='exchange_importrun', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "exchange_importrunevent" ("asked_at", "by_id", "consent_basis", "counts", "created_at", "finished_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "problem", "sample", "skip_refused", "status", "store_id") VALUES (OLD."asked_at", OLD."by_id", OLD."consent_basis", OLD."counts", OLD."created_at", OLD."finished_at", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."problem", OLD."sample", OLD."skip_refused", OLD."status", OLD."store_id"); RETURN NULL;', hash='516d8d0d8cfbc8472dfdd274080565fd91173892', operation='DELETE', pgid='pgtrigger_delete_delete_24c9e', table='exchange_importrun', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='TakenRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.PositiveSmallIntegerField()),
                ('key', models.CharField(max_length=140)),
                ('vals', models.JSONField()),
                ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.customer')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.store')),
                ('vehicle', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.vehicle')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('store', 'kind', 'key'), name='exchange_takenrow_once')],
            },
        ),
        migrations.CreateModel(
            name='ColumnChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('deliveries', 'deliveries'), ('customers', 'customers'), ('vehicles', 'cars'), ('services', 'service history'), ('parts', 'parts'), ('operations', 'operations of the workshop'), ('prices', 'price list of new cars')], max_length=20)),
                ('heading', models.CharField(max_length=80)),
                ('field', models.CharField(max_length=40)),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.store')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('store', 'kind', 'heading'), name='exchange_columnchoice_once')],
            },
        ),
        migrations.CreateModel(
            name='ImportFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('sheet', models.CharField(blank=True, db_default='', max_length=80)),
                ('stored', models.UUIDField(default=uuid.uuid4)),
                ('removed', models.BooleanField(db_default=False)),
                ('size', models.PositiveBigIntegerField()),
                ('rows', models.PositiveIntegerField(db_default=0)),
                ('headings', models.JSONField(blank=True, default=list)),
                ('heading_row', models.PositiveSmallIntegerField(db_default=1)),
                ('kind', models.CharField(blank=True, choices=[('deliveries', 'deliveries'), ('customers', 'customers'), ('vehicles', 'cars'), ('services', 'service history'), ('parts', 'parts'), ('operations', 'operations of the workshop'), ('prices', 'price list of new cars')], max_length=20)),
                ('columns', models.JSONField(blank=True, default=dict)),
                ('counts', models.JSONField(blank=True, default=dict)),
                ('refused', models.JSONField(blank=True, default=list)),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.store')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='exchange.importrun')),
            ],
            options={
                'verbose_name': 'file',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='ImportRunEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('created_at', models.DateTimeField()),
                ('status', models.CharField(choices=[('uploaded', 'columns to be checked'), ('checking', 'being checked'), ('checked', 'ready to be taken'), ('applying', 'being taken'), ('applied', 'taken'), ('failed', 'not usable')], db_default='uploaded', max_length=10)),
                ('skip_refused', models.BooleanField(db_default=False, verbose_name='take the good rows only')),
                ('consent_basis', models.CharField(blank=True, db_default='', help_text='empty: consent stays as it is (CARE-29)', max_length=80, verbose_name='marketing consent: on what basis')),
                ('counts', models.JSONField(blank=True, default=dict)),
                ('sample', models.JSONField(blank=True, default=list)),
                ('asked_at', models.DateTimeField(blank=True, null=True)),
                ('problem', models.CharField(blank=True, db_default='', max_length=300)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='exchange.importrun')),
                ('store', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.store')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='be3a905b354c6ca2a1a555b4d88666c9fc8064ee', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a18ab', table='exchange_importrunevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Difference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.CharField(max_length=40, verbose_name='field')),
                ('on', models.DateField(null=True, verbose_name='day')),
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
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.store')),
                ('theirs_customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.customer')),
                ('vehicle', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='differences', to='customers.vehicle')),
                ('run', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='differences', to='exchange.importrun')),
            ],
            options={
                'verbose_name': 'difference',
                'ordering': ['-pk'],
                'indexes': [models.Index(condition=models.Q(('status', 'open')), fields=['store', '-id'], name='exchange_difference_open')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'open')), fields=('customer', 'vehicle', 'order', 'field', 'on'), name='exchange_difference_one_open', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('customer__isnull', False), ('order', None), ('vehicle', None)), models.Q(('customer', None), ('vehicle__isnull', False)), _connector='OR'), name='exchange_difference_of_one_record')],
                'triggers': [pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."customer_id" IS DISTINCT FROM (NEW."customer_id") OR OLD."decided_at" IS DISTINCT FROM (NEW."decided_at") OR OLD."decided_by_id" IS DISTINCT FROM (NEW."decided_by_id") OR OLD."field" IS DISTINCT FROM (NEW."field") OR OLD."found_at" IS DISTINCT FROM (NEW."found_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."on" IS DISTINCT FROM (NEW."on") OR OLD."order_id" IS DISTINCT FROM (NEW."order_id") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."store_id" IS DISTINCT FROM (NEW."store_id") OR OLD."vehicle_id" IS DISTINCT FROM (NEW."vehicle_id"))', func='INSERT INTO "exchange_differenceevent" ("customer_id", "decided_at", "decided_by_id", "field", "found_at", "id", "on", "order_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "status", "store_id", "vehicle_id") VALUES (OLD."customer_id", OLD."decided_at", OLD."decided_by_id", OLD."field", OLD."found_at", OLD."id", OLD."on", OLD."order_id", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."status", OLD."store_id", OLD."vehicle_id"); RETURN NULL;', hash='6d0905e4f8ff1efe8f384df02d97693d75cdf115', operation='UPDATE', pgid='pgtrigger_update_update_b6b73', table='exchange_difference', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "exchange_differenceevent" ("customer_id", "decided_at", "decided_by_id", "field", "found_at", "id", "on", "order_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "status", "store_id", "vehicle_id") VALUES (OLD."customer_id", OLD."decided_at", OLD."decided_by_id", OLD."field", OLD."found_at", OLD."id", OLD."on", OLD."order_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."status", OLD."store_id", OLD."vehicle_id"); RETURN NULL;', hash='4e44990452d618dffc90c6ecc0d1bc337349db6c', operation='DELETE', pgid='pgtrigger_delete_delete_b460e', table='exchange_difference', when='AFTER'))],
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
                ('on', models.DateField(null=True, verbose_name='day')),
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
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='682f9b5b7e980d182e1a6254ce2d33188e96d359', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_e2cb8', table='exchange_differenceevent', when='BEFORE'))],
            },
        ),
    ]
