
import django.db.models.expressions
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('customers', '0013_erasure'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='vehicle',
            name='warranty_ends_on',
            field=models.GeneratedField(db_persist=True, expression=models.Case(models.When(models.Q(('delivered_on__isnull', False), ('registered_on__isnull', False), _connector='OR'), then=django.db.models.functions.comparison.Least(django.db.models.functions.comparison.Cast(django.db.models.expressions.CombinedExpression(django.db.models.functions.comparison.Coalesce('delivered_on', 'registered_on'), '+', models.Func(django.db.models.functions.comparison.Coalesce('warranty_months', 36), output_field=models.DurationField(), template='make_interval(months => %(expressions)s)')), models.DateField()), models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(models.F('last_km_on'), '+', django.db.models.functions.comparison.Cast(django.db.models.functions.comparison.Greatest(0, django.db.models.functions.comparison.Least(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.functions.comparison.Cast(django.db.models.functions.comparison.Coalesce('warranty_km', 100000), models.BigIntegerField()), '-', models.F('last_km')), '*', models.F('rate_days')), '+', models.F('rate_km')), '-', models.Value(1)), '/', models.F('rate_km')), 36500)), models.IntegerField())), output_field=models.DateField()))), default=None), output_field=models.DateField(null=True), verbose_name='warranty ends'),
        ),
        migrations.AddIndex(
            model_name='vehicle',
            index=models.Index(condition=models.Q(('fate', 'in_use')), fields=['warranty_ends_on'], name='customers_vehicle_warranty'),
        ),
        migrations.AddIndex(
            model_name='vehicle',
            index=models.Index(django.db.models.functions.comparison.Coalesce('registered_on', 'delivered_on'), condition=models.Q(('fate', 'in_use')), name='customers_vehicle_inspected'),
        ),
        migrations.AddIndex(
            model_name='vehicle',
            index=models.Index(condition=models.Q(('fate', 'in_use'), ('insured_until__isnull', False)), fields=['insured_until'], name='customers_vehicle_insured'),
        ),
    ]
