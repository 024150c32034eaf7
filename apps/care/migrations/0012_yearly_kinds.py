
import django.contrib.postgres.fields
import functools
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('care', '0011_insurance_samples'),
        ('customers', '0013_erasure'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='carepolicy',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='carepolicy',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='carepolicy',
            name='inspection_lead_days',
            field=models.PositiveSmallIntegerField(db_default=7, default=7, help_text='CARE-08', verbose_name='inspection: days before due'),
        ),
        migrations.AddField(
            model_name='carepolicy',
            name='inspection_opens_months',
            field=models.PositiveSmallIntegerField(db_default=1, default=1, help_text='CARE-08', verbose_name='inspection: call from, months before'),
        ),
        migrations.AddField(
            model_name='carepolicy',
            name='inspection_years',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), db_default=[2, 4, 6, 8, 10], default=functools.partial(list, *((2, 4, 6, 8, 10),), **{}), help_text='CARE-08', size=None, verbose_name='inspection: due after years'),
        ),
        migrations.AddField(
            model_name='carepolicy',
            name='insurance_lead_days',
            field=models.PositiveSmallIntegerField(db_default=30, default=30, help_text='CARE-09', verbose_name='insurance: days before the end'),
        ),
        migrations.AddField(
            model_name='carepolicy',
            name='insurance_opens_months',
            field=models.PositiveSmallIntegerField(db_default=2, default=2, help_text='CARE-09', verbose_name='insurance: call from, months before'),
        ),
        migrations.AddField(
            model_name='carepolicy',
            name='warranty_opens_days',
            field=models.PositiveSmallIntegerField(db_default=45, default=45, help_text='CARE-07', verbose_name='warranty: call from, days before its end'),
        ),
        migrations.AddField(
            model_name='carepolicyevent',
            name='inspection_lead_days',
            field=models.PositiveSmallIntegerField(db_default=7, default=7, help_text='CARE-08', verbose_name='inspection: days before due'),
        ),
        migrations.AddField(
            model_name='carepolicyevent',
            name='inspection_opens_months',
            field=models.PositiveSmallIntegerField(db_default=1, default=1, help_text='CARE-08', verbose_name='inspection: call from, months before'),
        ),
        migrations.AddField(
            model_name='carepolicyevent',
            name='inspection_years',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), db_default=[2, 4, 6, 8, 10], default=functools.partial(list, *((2, 4, 6, 8, 10),), **{}), help_text='CARE-08', size=None, verbose_name='inspection: due after years'),
        ),
        migrations.AddField(
            model_name='carepolicyevent',
            name='insurance_lead_days',
            field=models.PositiveSmallIntegerField(db_default=30, default=30, help_text='CARE-09', verbose_name='insurance: days before the end'),
        ),
        migrations.AddField(
            model_name='carepolicyevent',
            name='insurance_opens_months',
            field=models.PositiveSmallIntegerField(db_default=2, default=2, help_text='CARE-09', verbose_name='insurance: call from, months before'),
        ),
        migrations.AddField(
            model_name='carepolicyevent',
            name='warranty_opens_days',
            field=models.PositiveSmallIntegerField(db_default=45, default=45, help_text='CARE-07', verbose_name='warranty: call from, days before its end'),
        ),
        migrations.AddField(
            model_name='plannedday',
            name='insurance_on_duty',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), db_default=[], default=list, size=None),
        ),
        migrations.AddField(
            model_name='plannedday',
            name='insurance_turn',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AlterField(
            model_name='attempt',
            name='result',
            field=models.CharField(choices=[('booked', 'booked'), ('will_come', 'will come, not booked'), ('not_yet', 'not yet'), ('elsewhere', 'already done elsewhere'), ('not_needed', 'not needed'), ('sold', 'car sold'), ('refuses', 'refuses contact'), ('call_later', 'call again later'), ('renewed', 'already renewed'), ('greeted', 'greeted'), ('answered', 'answered how it was'), ('verified', 'verified with the customer'), ('signed_up', 'signed up'), ('spoken_to', 'spoken to about another matter'), ('no_answer', 'no answer'), ('busy', 'busy'), ('switched_off', 'switched off'), ('hung_up', 'hung up'), ('empty_number', 'empty number'), ('wrong_number', 'wrong number')], max_length=20, verbose_name='result'),
        ),
        migrations.AlterField(
            model_name='attemptevent',
            name='result',
            field=models.CharField(choices=[('booked', 'booked'), ('will_come', 'will come, not booked'), ('not_yet', 'not yet'), ('elsewhere', 'already done elsewhere'), ('not_needed', 'not needed'), ('sold', 'car sold'), ('refuses', 'refuses contact'), ('call_later', 'call again later'), ('renewed', 'already renewed'), ('greeted', 'greeted'), ('answered', 'answered how it was'), ('verified', 'verified with the customer'), ('signed_up', 'signed up'), ('spoken_to', 'spoken to about another matter'), ('no_answer', 'no answer'), ('busy', 'busy'), ('switched_off', 'switched off'), ('hung_up', 'hung up'), ('empty_number', 'empty number'), ('wrong_number', 'wrong number')], max_length=20, verbose_name='result'),
        ),
        migrations.AlterField(
            model_name='call',
            name='end_reason',
            field=models.CharField(blank=True, choices=[('three_attempts', 'three attempts, not reached'), ('abandoned', 'not tried again in time'), ('overdue', 'not finished in time'), ('taken_over', 'due date passed: now at risk'), ('visited', 'the car has been here'), ('in_workshop', 'the car is in the workshop'), ('car_gone', 'car sold on or scrapped'), ('new_owner', 'the car has a new owner'), ('stopped', 'contact stopped'), ('not_owed', 'no longer owed'), ('no_reply_sms', 'greeted by SMS after the deadline'), ('renewed', 'insured anew'), ('rebooked', 'the car has a new appointment'), ('merged', 'the same call of a merged record stands for it')], db_default='', max_length=20),
        ),
        migrations.AlterField(
            model_name='call',
            name='result',
            field=models.CharField(blank=True, choices=[('booked', 'booked'), ('will_come', 'will come, not booked'), ('not_yet', 'not yet'), ('elsewhere', 'already done elsewhere'), ('not_needed', 'not needed'), ('sold', 'car sold'), ('refuses', 'refuses contact'), ('call_later', 'call again later'), ('renewed', 'already renewed'), ('greeted', 'greeted'), ('answered', 'answered how it was'), ('verified', 'verified with the customer'), ('signed_up', 'signed up'), ('spoken_to', 'spoken to about another matter'), ('no_answer', 'no answer'), ('busy', 'busy'), ('switched_off', 'switched off'), ('hung_up', 'hung up'), ('empty_number', 'empty number'), ('wrong_number', 'wrong number')], db_default='', max_length=20, verbose_name='result'),
        ),
        migrations.AlterField(
            model_name='callevent',
            name='end_reason',
            field=models.CharField(blank=True, choices=[('three_attempts', 'three attempts, not reached'), ('abandoned', 'not tried again in time'), ('overdue', 'not finished in time'), ('taken_over', 'due date passed: now at risk'), ('visited', 'the car has been here'), ('in_workshop', 'the car is in the workshop'), ('car_gone', 'car sold on or scrapped'), ('new_owner', 'the car has a new owner'), ('stopped', 'contact stopped'), ('not_owed', 'no longer owed'), ('no_reply_sms', 'greeted by SMS after the deadline'), ('renewed', 'insured anew'), ('rebooked', 'the car has a new appointment'), ('merged', 'the same call of a merged record stands for it')], db_default='', max_length=20),
        ),
        migrations.AlterField(
            model_name='callevent',
            name='result',
            field=models.CharField(blank=True, choices=[('booked', 'booked'), ('will_come', 'will come, not booked'), ('not_yet', 'not yet'), ('elsewhere', 'already done elsewhere'), ('not_needed', 'not needed'), ('sold', 'car sold'), ('refuses', 'refuses contact'), ('call_later', 'call again later'), ('renewed', 'already renewed'), ('greeted', 'greeted'), ('answered', 'answered how it was'), ('verified', 'verified with the customer'), ('signed_up', 'signed up'), ('spoken_to', 'spoken to about another matter'), ('no_answer', 'no answer'), ('busy', 'busy'), ('switched_off', 'switched off'), ('hung_up', 'hung up'), ('empty_number', 'empty number'), ('wrong_number', 'wrong number')], db_default='', max_length=20, verbose_name='result'),
        ),
        migrations.AddIndex(
            model_name='call',
            index=models.Index(condition=models.Q(('callback_at', None), ('paused_on', None), ('status', 'waiting'), ('kind', 'insurance')), fields=['store', 'due_on', 'id'], name='care_call_waiting_insurance'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='carepolicy',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "care_carepolicyevent" ("at_risk_days", "birthday_within_minutes", "campaigns_a_month", "churn_from_days", "churn_rest_days", "churn_until_days", "credit_days", "effective_from", "first_service_return_days", "follow_up_days", "hold_minutes", "id", "inspection_lead_days", "inspection_opens_months", "inspection_years", "insurance_lead_days", "insurance_opens_months", "lapse_days", "maintenance_lead_days", "maintenance_return_days", "measure_days", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rate_line", "sample_due_day", "sample_percent", "store_id", "warn_again_at", "warn_first_at", "warranty_opens_days") VALUES (OLD."at_risk_days", OLD."birthday_within_minutes", OLD."campaigns_a_month", OLD."churn_from_days", OLD."churn_rest_days", OLD."churn_until_days", OLD."credit_days", OLD."effective_from", OLD."first_service_return_days", OLD."follow_up_days", OLD."hold_minutes", OLD."id", OLD."inspection_lead_days", OLD."inspection_opens_months", OLD."inspection_years", OLD."insurance_lead_days", OLD."insurance_opens_months", OLD."lapse_days", OLD."maintenance_lead_days", OLD."maintenance_return_days", OLD."measure_days", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."rate_line", OLD."sample_due_day", OLD."sample_percent", OLD."store_id", OLD."warn_again_at", OLD."warn_first_at", OLD."warranty_opens_days"); RETURN NULL;', hash='554b50828e071263f174ab2f5a06e69681a0cb8d', operation='UPDATE', pgid='pgtrigger_update_update_3b6d2', table='care_carepolicy', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='carepolicy',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "care_carepolicyevent" ("at_risk_days", "birthday_within_minutes", "campaigns_a_month", "churn_from_days", "churn_rest_days", "churn_until_days", "credit_days", "effective_from", "first_service_return_days", "follow_up_days", "hold_minutes", "id", "inspection_lead_days", "inspection_opens_months", "inspection_years", "insurance_lead_days", "insurance_opens_months", "lapse_days", "maintenance_lead_days", "maintenance_return_days", "measure_days", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rate_line", "sample_due_day", "sample_percent", "store_id", "warn_again_at", "warn_first_at", "warranty_opens_days") VALUES (OLD."at_risk_days", OLD."birthday_within_minutes", OLD."campaigns_a_month", OLD."churn_from_days", OLD."churn_rest_days", OLD."churn_until_days", OLD."credit_days", OLD."effective_from", OLD."first_service_return_days", OLD."follow_up_days", OLD."hold_minutes", OLD."id", OLD."inspection_lead_days", OLD."inspection_opens_months", OLD."inspection_years", OLD."insurance_lead_days", OLD."insurance_opens_months", OLD."lapse_days", OLD."maintenance_lead_days", OLD."maintenance_return_days", OLD."measure_days", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."rate_line", OLD."sample_due_day", OLD."sample_percent", OLD."store_id", OLD."warn_again_at", OLD."warn_first_at", OLD."warranty_opens_days"); RETURN NULL;', hash='8e3df59b9ecd1ed34351c57f241f625ce69f409f', operation='DELETE', pgid='pgtrigger_delete_delete_1f709', table='care_carepolicy', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='carepolicy',
            constraint=models.CheckConstraint(condition=models.Q(('inspection_opens_months__range', (1, 4)), ('inspection_years__len__gte', 1), ('insurance_opens_months__range', (1, 4))), name='care_carepolicy_yearly_possible'),
        ),
    ]
