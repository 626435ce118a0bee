import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('advisor', '0010_conflicts'),
        ('comparisons', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Kinship',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('in_review', 'In review'), ('published', 'Published'), ('retired', 'Retired')], db_index=True, default='draft', help_text='Readers see what is published, and nothing else.', max_length=10)),
                ('worth', models.DecimalField(decimal_places=2, help_text='Of knowing it itself: 0.75 if most carries over, 0.5 if a large part does, 0.25 if the ideas are the same and the names are not.', max_digits=3, validators=[django.core.validators.MinValueValidator(0.01), django.core.validators.MaxValueValidator(1)])),
                ('reason', models.CharField(help_text='What carries over, as the passage says it.', max_length=300)),
                ('locator', models.CharField(help_text='Where in the source: section, heading or page.', max_length=200)),
                ('accessed_date', models.DateField(help_text='The day on which it was read.')),
                ('helped', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='kinships_as_helped', to='comparisons.framework')),
                ('known', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='kinships_as_known', to='comparisons.framework')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='kinships', to='comparisons.source')),
            ],
            options={
                'ordering': ['known__slug', 'helped__slug'],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'in_review', 'published', 'retired'])), name='advisor_kinship_status_is_known', violation_error_message='Choose draft, in review, published or retired.'), models.UniqueConstraint(fields=('known', 'helped'), name='advisor_kinship_one_per_pair', violation_error_message='There is a kinship of these two already.'), models.CheckConstraint(condition=models.Q(('known', models.F('helped')), _negated=True), name='advisor_kinship_is_between_two', violation_error_message='A framework is no relative of itself.'), models.CheckConstraint(condition=models.Q(('worth__gt', 0), ('worth__lte', 1)), name='advisor_kinship_worth_is_a_share', violation_error_message='A kinship is worth more than 0, at most 1.'), models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), _negated=True), models.Q(('locator', ''), _negated=True)), name='advisor_kinship_names_its_passage', violation_error_message='A kinship names its passage and says what carries over.')],
            },
        ),
    ]
