import datetime
import django.contrib.auth.models
import django.contrib.auth.validators
import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('accounts', '0001_initial')]

    initial = True

    dependencies = [
        ('core', '0001_extensions'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='Store',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20, unique=True, verbose_name='store code')),
                ('name', models.CharField(max_length=80, verbose_name='name of the store')),
                ('city', models.CharField(blank=True, max_length=40, verbose_name='city')),
                ('local_regions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, default=list, help_text='home regions of phones, as 上海, and first characters of plates, as 沪', size=None, verbose_name='regions that count as local')),
                ('opens_at', models.TimeField(default=datetime.time(8, 30), help_text='ORG-03', verbose_name='opens at')),
                ('weekend_opens_at', models.TimeField(blank=True, default=datetime.time(8, 20), help_text='ORG-03; empty: closed at weekends', null=True, verbose_name='weekend duty from')),
                ('closes_at', models.TimeField(default=datetime.time(17, 30), help_text='ORG-03', verbose_name='closes at')),
                ('opened_on', models.DateField(auto_now_add=True, verbose_name='working here since')),
            ],
            options={
                'verbose_name': 'store',
                'ordering': ['code'],
                'constraints': [models.CheckConstraint(condition=models.Q(('opens_at__lt', models.F('closes_at'))), name='accounts_store_opens_before_closing')],
                'triggers': [pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "accounts_storeevent" ("city", "closes_at", "code", "id", "local_regions", "name", "opened_on", "opens_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "weekend_opens_at") VALUES (OLD."city", OLD."closes_at", OLD."code", OLD."id", OLD."local_regions", OLD."name", OLD."opened_on", OLD."opens_at", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."weekend_opens_at"); RETURN NULL;', hash='6b18e70241cb7b42cb0e6d520af45a1a4ed9979c', operation='UPDATE', pgid='pgtrigger_update_update_155f1', table='accounts_store', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_storeevent" ("city", "closes_at", "code", "id", "local_regions", "name", "opened_on", "opens_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "weekend_opens_at") VALUES (OLD."city", OLD."closes_at", OLD."code", OLD."id", OLD."local_regions", OLD."name", OLD."opened_on", OLD."opens_at", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."weekend_opens_at"); RETURN NULL;', hash='f390c722dc2f2fad09d95a8ca2f4b3ef961a67ff', operation='DELETE', pgid='pgtrigger_delete_delete_53356', table='accounts_store', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('name', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='CalendarDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(verbose_name='day')),
                ('kind', models.CharField(choices=[('working', 'working day'), ('weekend_duty', 'open on duty'), ('closed', 'closed')], max_length=20, verbose_name='kind')),
                ('note', models.CharField(blank=True, max_length=80, verbose_name='remark')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calendar_days', to='accounts.store')),
            ],
            options={
                'verbose_name': 'calendar day',
                'ordering': ['on'],
                'constraints': [models.UniqueConstraint(fields=('store', 'on'), name='accounts_calendarday_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['working', 'weekend_duty', 'closed'])), name='accounts_calendarday_kind_known')],
                'triggers': [pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "accounts_calendardayevent" ("id", "kind", "note", "on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "store_id") VALUES (OLD."id", OLD."kind", OLD."note", OLD."on", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."store_id"); RETURN NULL;', hash='38cfbaaa71f4ef968d2bb027b9b4374ea485f640', operation='UPDATE', pgid='pgtrigger_update_update_a507c', table='accounts_calendarday', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_calendardayevent" ("id", "kind", "note", "on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "store_id") VALUES (OLD."id", OLD."kind", OLD."note", OLD."on", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."store_id"); RETURN NULL;', hash='a653966085694dee644d55193316e82ea25fd358', operation='DELETE', pgid='pgtrigger_delete_delete_d9935', table='accounts_calendarday', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='CallSlots',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('effective_from', models.DateField(verbose_name='in force from')),
                ('morning_from', models.TimeField(default=datetime.time(9, 0))),
                ('morning_until', models.TimeField(default=datetime.time(11, 30))),
                ('afternoon_from', models.TimeField(default=datetime.time(13, 30))),
                ('afternoon_until', models.TimeField(default=datetime.time(15, 30))),
                ('late_from', models.TimeField(default=datetime.time(15, 30))),
                ('late_until', models.TimeField(default=datetime.time(17, 30))),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='call_slots', to='accounts.store')),
            ],
            options={
                'verbose_name': 'call time slots',
                'constraints': [models.UniqueConstraint(fields=('store', 'effective_from'), name='accounts_callslots_one_a_day'), models.CheckConstraint(condition=models.Q(('afternoon_from__lt', models.F('afternoon_until')), ('afternoon_until__lte', models.F('late_from')), ('late_from__lt', models.F('late_until')), ('morning_from__lt', models.F('morning_until')), ('morning_until__lte', models.F('afternoon_from'))), name='accounts_callslots_in_order')],
                'triggers': [pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "accounts_callslotsevent" ("afternoon_from", "afternoon_until", "effective_from", "id", "late_from", "late_until", "morning_from", "morning_until", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "store_id") VALUES (OLD."afternoon_from", OLD."afternoon_until", OLD."effective_from", OLD."id", OLD."late_from", OLD."late_until", OLD."morning_from", OLD."morning_until", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."store_id"); RETURN NULL;', hash='69d5077fd8cbb40fa3360750d033c10266a3ede2', operation='UPDATE', pgid='pgtrigger_update_update_ba522', table='accounts_callslots', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_callslotsevent" ("afternoon_from", "afternoon_until", "effective_from", "id", "late_from", "late_until", "morning_from", "morning_until", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "store_id") VALUES (OLD."afternoon_from", OLD."afternoon_until", OLD."effective_from", OLD."id", OLD."late_from", OLD."late_until", OLD."morning_from", OLD."morning_until", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."store_id"); RETURN NULL;', hash='63f00ad98f9f10d1c20b43146adaa7917ee1cba9', operation='DELETE', pgid='pgtrigger_delete_delete_22b6d', table='accounts_callslots', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='StoreEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('code', models.CharField(max_length=20, verbose_name='store code')),
                ('name', models.CharField(max_length=80, verbose_name='name of the store')),
                ('city', models.CharField(blank=True, max_length=40, verbose_name='city')),
                ('local_regions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, default=list, help_text='home regions of phones, as 上海, and first characters of plates, as 沪', size=None, verbose_name='regions that count as local')),
                ('opens_at', models.TimeField(default=datetime.time(8, 30), help_text='ORG-03', verbose_name='opens at')),
                ('weekend_opens_at', models.TimeField(blank=True, default=datetime.time(8, 20), help_text='ORG-03; empty: closed at weekends', null=True, verbose_name='weekend duty from')),
                ('closes_at', models.TimeField(default=datetime.time(17, 30), help_text='ORG-03', verbose_name='closes at')),
                ('opened_on', models.DateField(auto_now_add=True, verbose_name='working here since')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='accounts.store')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8b6db0c88bf016dafb160c32a46d332b8814d432', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_04ab7', table='accounts_storeevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Department',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('sales', 'sales department'), ('service', 'service department'), ('care', 'care department'), ('insurance', 'insurance department'), ('finance', 'finance department'), ('administration', 'administration department')], max_length=20)),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='departments', to='accounts.store')),
            ],
            options={
                'verbose_name': 'department',
                'constraints': [models.UniqueConstraint(fields=('store', 'kind'), name='accounts_department_once')],
            },
        ),
        migrations.CreateModel(
            name='CalendarDayEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('on', models.DateField(verbose_name='day')),
                ('kind', models.CharField(choices=[('working', 'working day'), ('weekend_duty', 'open on duty'), ('closed', 'closed')], max_length=20, verbose_name='kind')),
                ('note', models.CharField(blank=True, max_length=80, verbose_name='remark')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='accounts.calendarday')),
                ('store', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.store')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2814f6fc35cc40e1afa1b40b42bcba434a49e171', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_99ba3', table='accounts_calendardayevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='CallSlotsEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('effective_from', models.DateField(verbose_name='in force from')),
                ('morning_from', models.TimeField(default=datetime.time(9, 0))),
                ('morning_until', models.TimeField(default=datetime.time(11, 30))),
                ('afternoon_from', models.TimeField(default=datetime.time(13, 30))),
                ('afternoon_until', models.TimeField(default=datetime.time(15, 30))),
                ('late_from', models.TimeField(default=datetime.time(15, 30))),
                ('late_until', models.TimeField(default=datetime.time(17, 30))),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='accounts.callslots')),
                ('store', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.store')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4755009f91d1b80d8aa552350d0a7d67f9d3df10', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_519b6', table='accounts_callslotsevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('name', models.CharField(max_length=40, verbose_name='name')),
                ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('receptionist', 'receptionist'), ('sales_consultant', 'sales consultant'), ('sales_manager', 'sales manager'), ('service_advisor', 'service advisor'), ('service_supervisor', 'service reception supervisor'), ('service_manager', 'service manager'), ('workshop', 'workshop controller or technician'), ('care_specialist', 'care specialist'), ('care_manager', 'care manager'), ('insurance_specialist', 'insurance specialist'), ('administration', 'administration office'), ('general_manager', 'general manager'), ('group_manager', 'group manager'), ('system_administrator', 'system administrator')], max_length=30), blank=True, default=list, size=None, verbose_name='roles')),
                ('language', models.CharField(blank=True, db_default='', help_text='empty: Chinese', max_length=10, verbose_name='language')),
                ('password_is_temporary', models.BooleanField(db_default=False, help_text='given by a manager: must be changed at the next sign-in')),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='people', to='accounts.department', verbose_name='department')),
                ('reads', models.ManyToManyField(blank=True, related_name='readers', to='accounts.store', verbose_name='also reads')),
                ('store', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='people', to='accounts.store', verbose_name='store')),
            ],
            options={
                'verbose_name': 'staff member',
                'verbose_name_plural': 'staff members',
                'constraints': [models.CheckConstraint(condition=models.Q(('roles__contained_by', ['receptionist', 'sales_consultant', 'sales_manager', 'service_advisor', 'service_supervisor', 'service_manager', 'workshop', 'care_specialist', 'care_manager', 'insurance_specialist', 'administration', 'general_manager', 'group_manager', 'system_administrator'])), name='accounts_user_roles_known')],
                'triggers': [pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."date_joined" IS DISTINCT FROM (NEW."date_joined") OR OLD."department_id" IS DISTINCT FROM (NEW."department_id") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_staff" IS DISTINCT FROM (NEW."is_staff") OR OLD."is_superuser" IS DISTINCT FROM (NEW."is_superuser") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."roles" IS DISTINCT FROM (NEW."roles") OR OLD."store_id" IS DISTINCT FROM (NEW."store_id") OR OLD."username" IS DISTINCT FROM (NEW."username"))', func='INSERT INTO "accounts_userevent" ("date_joined", "department_id", "email", "id", "is_active", "is_staff", "is_superuser", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "roles", "store_id", "username") VALUES (OLD."date_joined", OLD."department_id", OLD."email", OLD."id", OLD."is_active", OLD."is_staff", OLD."is_superuser", OLD."name", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."roles", OLD."store_id", OLD."username"); RETURN NULL;', hash='15c6fac93711617121b25819d9cae90718ac53ef', operation='UPDATE', pgid='pgtrigger_update_update_0e890', table='accounts_user', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_userevent" ("date_joined", "department_id", "email", "id", "is_active", "is_staff", "is_superuser", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "roles", "store_id", "username") VALUES (OLD."date_joined", OLD."department_id", OLD."email", OLD."id", OLD."is_active", OLD."is_staff", OLD."is_superuser", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."roles", OLD."store_id", OLD."username"); RETURN NULL;', hash='256ae958528b3f38e4bc3cbf37a312477dc9389f', operation='DELETE', pgid='pgtrigger_delete_delete_19f14', table='accounts_user', when='AFTER'))],
            },
            managers=[
                ('objects', django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='UserEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('name', models.CharField(max_length=40, verbose_name='name')),
                ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('receptionist', 'receptionist'), ('sales_consultant', 'sales consultant'), ('sales_manager', 'sales manager'), ('service_advisor', 'service advisor'), ('service_supervisor', 'service reception supervisor'), ('service_manager', 'service manager'), ('workshop', 'workshop controller or technician'), ('care_specialist', 'care specialist'), ('care_manager', 'care manager'), ('insurance_specialist', 'insurance specialist'), ('administration', 'administration office'), ('general_manager', 'general manager'), ('group_manager', 'group manager'), ('system_administrator', 'system administrator')], max_length=30), blank=True, default=list, size=None, verbose_name='roles')),
                ('department', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.department', verbose_name='department')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to=settings.AUTH_USER_MODEL)),
                ('store', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.store', verbose_name='store')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9e9498e73f6fbdf2642fb33fa14189f1ad2382c8', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_45b21', table='accounts_userevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='DutyDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(verbose_name='day')),
                ('on_duty', models.BooleanField(verbose_name='on duty')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='duty_days', to=settings.AUTH_USER_MODEL)),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='duty_days', to='accounts.store')),
            ],
            options={
                'verbose_name': 'duty day',
                'indexes': [models.Index(fields=['store', 'on'], name='accounts_dutyday_store_day')],
                'constraints': [models.UniqueConstraint(fields=('user', 'on'), name='accounts_dutyday_once')],
                'triggers': [pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "accounts_dutydayevent" ("id", "on", "on_duty", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "store_id", "user_id") VALUES (OLD."id", OLD."on", OLD."on_duty", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."store_id", OLD."user_id"); RETURN NULL;', hash='0f022fd18913c08f17d5594c5e895f653ebcf11a', operation='UPDATE', pgid='pgtrigger_update_update_b87db', table='accounts_dutyday', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_dutydayevent" ("id", "on", "on_duty", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "store_id", "user_id") VALUES (OLD."id", OLD."on", OLD."on_duty", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."store_id", OLD."user_id"); RETURN NULL;', hash='1fe9433870a9349c3762e3f3fe65420ae619a551', operation='DELETE', pgid='pgtrigger_delete_delete_03267', table='accounts_dutyday', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='DepartmentEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('sales', 'sales department'), ('service', 'service department'), ('care', 'care department'), ('insurance', 'insurance department'), ('finance', 'finance department'), ('administration', 'administration department')], max_length=20)),
                ('manager', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='manager')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='accounts.department')),
                ('store', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.store')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d0b73ae90c10ca016650f767fcc115b9efc13513', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_3f603', table='accounts_departmentevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='DutyDayEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('on', models.DateField(verbose_name='day')),
                ('on_duty', models.BooleanField(verbose_name='on duty')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='accounts.dutyday')),
                ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('store', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.store')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='43d6a9d474f3f6da2a8c72878011e5a7583fc961', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_0e79d', table='accounts_dutydayevent', when='BEFORE'))],
            },
        ),
        migrations.AddField(
            model_name='Department',
            name='manager',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='manager'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='department',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "accounts_departmentevent" ("id", "kind", "manager_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "store_id") VALUES (OLD."id", OLD."kind", OLD."manager_id", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."store_id"); RETURN NULL;', hash='bd6c3f683f7ab6d4a1b13545ca87fef12cfdb137', operation='UPDATE', pgid='pgtrigger_update_update_afd13', table='accounts_department', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='department',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_departmentevent" ("id", "kind", "manager_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "store_id") VALUES (OLD."id", OLD."kind", OLD."manager_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."store_id"); RETURN NULL;', hash='c2914b155b35ddffa92cb72ffec11e8c0e282eeb', operation='DELETE', pgid='pgtrigger_delete_delete_7ff5b', table='accounts_department', when='AFTER')),
        ),
    ]
