from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('penalties', '0003_rewards_and_taking_back'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='proof',
            options={'ordering': ['pk'], 'verbose_name': 'file of a proposal'},
        ),
        migrations.AddField(
            model_name='proof',
            name='paper_name',
            field=models.CharField(blank=True, db_default='', max_length=120, verbose_name='name of the PDF'),
        ),
        migrations.AddConstraint(
            model_name='proof',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'attached'), ('paper_name', ''), _connector='OR'), name='penalties_proof_signed_by_picture'),
        ),
    ]
