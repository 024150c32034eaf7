import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('checklists', '0001_initial'), ('checklists', '0002_signed_lists'), ('checklists', '0003_contract'), ('checklists', '0004_self_check')]

    initial = True

    dependencies = [
        ('accounts', '0001_whole'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChecklistTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('contract', 'explanation of a contract of sale'), ('preparation', 'daily preparation of the reception'), ('pdi', 'PDI of a new car'), ('hand_papers', 'documents and keys handed over'), ('hand_functions', 'functions explained and operated'), ('hand_service', 'maintenance explained at the hand-over'), ('self_check', 'self-check of the reception')], max_length=20, verbose_name='kind')),
                ('effective_from', models.DateField(verbose_name='in force from')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.store', verbose_name='store')),
            ],
            options={
                'verbose_name': 'checklist',
                'ordering': ['-effective_from'],
                'constraints': [models.UniqueConstraint(fields=('store', 'kind', 'effective_from'), name='checklists_template_one_a_day'), models.CheckConstraint(condition=models.Q(('kind__in', ['contract', 'preparation', 'pdi', 'hand_papers', 'hand_functions', 'hand_service', 'self_check'])), name='checklists_template_kind_known')],
                'triggers': [pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "checklists_checklisttemplateevent" ("effective_from", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "store_id") VALUES (OLD."effective_from", OLD."id", OLD."kind", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."store_id"); RETURN NULL;', hash='ca54fbd8d2654412f2a3733639f6c8441e340217', operation='UPDATE', pgid='pgtrigger_update_update_029fb', table='checklists_checklisttemplate', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "checklists_checklisttemplateevent" ("effective_from", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "store_id") VALUES (OLD."effective_from", OLD."id", OLD."kind", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."store_id"); RETURN NULL;', hash='023620721a1e3ca092ee0eb9c65d3c805a4bee3a', operation='DELETE', pgid='pgtrigger_delete_delete_e2eb1', table='checklists_checklisttemplate', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='ChecklistItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField()),
                ('text', models.CharField(max_length=100, verbose_name='point')),
                ('quantity', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='wanted')),
                ('each', models.BooleanField(db_default=False, verbose_name='for each person')),
                ('template', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='checklists.checklisttemplate')),
            ],
            options={
                'ordering': ['place'],
                'constraints': [models.UniqueConstraint(fields=('template', 'place'), name='checklists_item_one_a_place'), models.UniqueConstraint(fields=('template', 'text'), name='checklists_item_once')],
            },
        ),
        migrations.CreateModel(
            name='ChecklistRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('contract', 'explanation of a contract of sale'), ('preparation', 'daily preparation of the reception'), ('pdi', 'PDI of a new car'), ('hand_papers', 'documents and keys handed over'), ('hand_functions', 'functions explained and operated'), ('hand_service', 'maintenance explained at the hand-over'), ('self_check', 'self-check of the reception')], max_length=20, verbose_name='kind')),
                ('on', models.DateField(verbose_name='day')),
                ('subject', models.CharField(blank=True, db_default='', max_length=40, verbose_name='subject')),
                ('people', models.PositiveSmallIntegerField(db_default=0, verbose_name='people on duty')),
                ('missing', models.PositiveSmallIntegerField(db_default=0, verbose_name='missing points')),
                ('at', models.DateTimeField(verbose_name='done at')),
                ('sealed_at', models.DateTimeField(blank=True, help_text='from then on nothing in it changes', null=True, verbose_name='signed at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='done by')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.store', verbose_name='store')),
                ('template', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='checklists.checklisttemplate', verbose_name='checklist')),
            ],
            options={
                'verbose_name': 'checklist gone through',
                'ordering': ['-on', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('store', 'kind', 'on', 'subject'), name='checklists_run_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['contract', 'preparation', 'pdi', 'hand_papers', 'hand_functions', 'hand_service', 'self_check'])), name='checklists_run_kind_known')],
                'triggers': [pgtrigger.compiler.Trigger(name='sealed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."sealed_at" IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6483514966d25140c833ca48505edc728eba512d', operation='UPDATE OR DELETE', pgid='pgtrigger_sealed_45279', table='checklists_checklistrun', when='BEFORE')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "checklists_checklistrunevent" ("at", "by_id", "id", "kind", "missing", "on", "people", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sealed_at", "store_id", "subject", "template_id") VALUES (OLD."at", OLD."by_id", OLD."id", OLD."kind", OLD."missing", OLD."on", OLD."people", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."sealed_at", OLD."store_id", OLD."subject", OLD."template_id"); RETURN NULL;', hash='2e38a9be538de19e7836ce75c208a1c8f1a60fa5', operation='UPDATE', pgid='pgtrigger_update_update_1c2f8', table='checklists_checklistrun', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "checklists_checklistrunevent" ("at", "by_id", "id", "kind", "missing", "on", "people", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sealed_at", "store_id", "subject", "template_id") VALUES (OLD."at", OLD."by_id", OLD."id", OLD."kind", OLD."missing", OLD."on", OLD."people", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."sealed_at", OLD."store_id", OLD."subject", OLD."template_id"); RETURN NULL;', hash='60a479150b93fb8c987b9eefb07cd2540eb68bcc', operation='DELETE', pgid='pgtrigger_delete_delete_6da71', table='checklists_checklistrun', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='ChecklistTemplateEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('contract', 'explanation of a contract of sale'), ('preparation', 'daily preparation of the reception'), ('pdi', 'PDI of a new car'), ('hand_papers', 'documents and keys handed over'), ('hand_functions', 'functions explained and operated'), ('hand_service', 'maintenance explained at the hand-over'), ('self_check', 'self-check of the reception')], max_length=20, verbose_name='kind')),
                ('effective_from', models.DateField(verbose_name='in force from')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='checklists.checklisttemplate')),
                ('store', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.store', verbose_name='store')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b37c40b2716c2dfd049c24447f32e2f7c68e5366', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_9bc22', table='checklists_checklisttemplateevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='ChecklistAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('done', models.BooleanField(verbose_name='done')),
                ('quantity', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='there')),
                ('remark', models.CharField(blank=True, db_default='', max_length=100, verbose_name='remark')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.store', verbose_name='store')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='checklists.checklistitem', verbose_name='point')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='checklists.checklistrun')),
            ],
            options={
                'verbose_name': 'point of a checklist',
                'constraints': [models.UniqueConstraint(fields=('run', 'item'), name='checklists_answer_once')],
                'triggers': [pgtrigger.compiler.Trigger(name='sealed', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (SELECT FROM checklists_checklistrun\n               WHERE id = coalesce(OLD.run_id, NEW.run_id) AND sealed_at IS NOT NULL) THEN\n        RAISE EXCEPTION 'the checklist is signed';\n    END IF;\n    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n    RETURN NEW;\n", hash='18de73b9fa0f370bf45ca9c11fb60be5b2f48fe5', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_sealed_12255', table='checklists_checklistanswer', when='BEFORE')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "checklists_checklistanswerevent" ("done", "id", "item_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quantity", "remark", "run_id", "store_id") VALUES (OLD."done", OLD."id", OLD."item_id", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."quantity", OLD."remark", OLD."run_id", OLD."store_id"); RETURN NULL;', hash='902a427fbf863ae6e5a0d5141427d97d6bc2c078', operation='UPDATE', pgid='pgtrigger_update_update_26b0c', table='checklists_checklistanswer', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "checklists_checklistanswerevent" ("done", "id", "item_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quantity", "remark", "run_id", "store_id") VALUES (OLD."done", OLD."id", OLD."item_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."quantity", OLD."remark", OLD."run_id", OLD."store_id"); RETURN NULL;', hash='8f4af06800198064dfa71494abf5d520be02b1b0', operation='DELETE', pgid='pgtrigger_delete_delete_6fa0c', table='checklists_checklistanswer', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='ChecklistRunEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('contract', 'explanation of a contract of sale'), ('preparation', 'daily preparation of the reception'), ('pdi', 'PDI of a new car'), ('hand_papers', 'documents and keys handed over'), ('hand_functions', 'functions explained and operated'), ('hand_service', 'maintenance explained at the hand-over'), ('self_check', 'self-check of the reception')], max_length=20, verbose_name='kind')),
                ('on', models.DateField(verbose_name='day')),
                ('subject', models.CharField(blank=True, db_default='', max_length=40, verbose_name='subject')),
                ('people', models.PositiveSmallIntegerField(db_default=0, verbose_name='people on duty')),
                ('missing', models.PositiveSmallIntegerField(db_default=0, verbose_name='missing points')),
                ('at', models.DateTimeField(verbose_name='done at')),
                ('sealed_at', models.DateTimeField(blank=True, help_text='from then on nothing in it changes', null=True, verbose_name='signed at')),
                ('by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='done by')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='checklists.checklistrun')),
                ('store', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.store', verbose_name='store')),
                ('template', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='checklists.checklisttemplate', verbose_name='checklist')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8710b9014e9d7b5fb80e00eba775445c313364e3', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f073c', table='checklists_checklistrunevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='ChecklistAnswerEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('done', models.BooleanField(verbose_name='done')),
                ('quantity', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='there')),
                ('remark', models.CharField(blank=True, db_default='', max_length=100, verbose_name='remark')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='checklists.checklistanswer')),
                ('store', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.store', verbose_name='store')),
                ('item', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='checklists.checklistitem', verbose_name='point')),
                ('run', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='checklists.checklistrun')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c45ab66cf80ea31e4f2ac899b531902af6bcc145', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c767f', table='checklists_checklistanswerevent', when='BEFORE'))],
            },
        ),
    ]
