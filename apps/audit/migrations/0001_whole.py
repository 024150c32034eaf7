import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('audit', '0001_initial'), ('audit', '0002_downloads'), ('audit', '0003_looks')]

    initial = True

    dependencies = [
        ('accounts', '0001_whole'),
    ]

    operations = [
        migrations.CreateModel(
            name='AnsweredForm',
            fields=[
                ('token', models.UUIDField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('answer_url', models.CharField(max_length=500)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['at'], name='audit_answeredform_at')],
            },
        ),
        migrations.CreateModel(
            name='Download',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('asked_at', models.DateTimeField(verbose_name='asked at')),
                ('listing', models.CharField(max_length=60, verbose_name='list')),
                ('query', models.CharField(blank=True, max_length=1000, verbose_name='filter')),
                ('format', models.CharField(choices=[('xlsx', 'Excel'), ('csv', 'CSV')], max_length=4, verbose_name='form')),
                ('language', models.CharField(max_length=10)),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('status', models.CharField(choices=[('given', 'given at once'), ('waiting', 'waits for its turn'), ('working', 'is being written'), ('ready', 'ready'), ('failed', 'failed'), ('expired', 'expired')], max_length=10, verbose_name='status')),
                ('rows', models.PositiveIntegerField(null=True, verbose_name='rows')),
                ('stored', models.UUIDField(default=uuid.uuid4)),
                ('size', models.PositiveBigIntegerField(null=True)),
                ('started_at', models.DateTimeField(null=True)),
                ('tries', models.PositiveSmallIntegerField(db_default=0)),
                ('ready_at', models.DateTimeField(null=True)),
                ('problem', models.CharField(blank=True, db_default='', max_length=300)),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.store')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'export',
                'indexes': [models.Index(fields=['user', '-id'], name='audit_download_mine'), models.Index(condition=models.Q(('status__in', ['waiting', 'working', 'ready'])), fields=['status', 'asked_at'], name='audit_download_unfinished')],
                'triggers': [pgtrigger.compiler.Trigger(name='kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='1bb042bf9c0fccf44286199e20392101e7fb6e03', operation='DELETE', pgid='pgtrigger_kept_e209e', table='audit_download', when='BEFORE')), pgtrigger.compiler.Trigger(name='asked_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."store_id" IS DISTINCT FROM (NEW."store_id") OR OLD."store_ids" IS DISTINCT FROM (NEW."store_ids") OR OLD."user_id" IS DISTINCT FROM (NEW."user_id") OR OLD."asked_at" IS DISTINCT FROM (NEW."asked_at") OR OLD."listing" IS DISTINCT FROM (NEW."listing") OR OLD."query" IS DISTINCT FROM (NEW."query") OR OLD."format" IS DISTINCT FROM (NEW."format") OR OLD."reason" IS DISTINCT FROM (NEW."reason"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='f36147ddfadaae562d4052de9f05d3ead3eb705c', operation='UPDATE', pgid='pgtrigger_asked_stays_48c37', table='audit_download', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Access',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('kind', models.CharField(choices=[('view', 'customer page viewed'), ('unmask', 'number shown'), ('claim', 'call claimed'), ('export', 'exported')], max_length=10, verbose_name='kind')),
                ('model', models.CharField(max_length=40)),
                ('object_pk', models.BigIntegerField()),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.store')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'access',
                'indexes': [models.Index(fields=['model', 'object_pk', 'at'], name='audit_access_object'), models.Index(fields=['user', 'at'], name='audit_access_user'), models.Index(fields=['store', 'at', 'id'], name='audit_access_store')],
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='00e7d6be01fa15e6cd87a434a3bf37497331d85e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_7761d', table='audit_access', when='BEFORE'))],
            },
        ),
    ]
