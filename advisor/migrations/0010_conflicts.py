import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('advisor', '0009_presets'),
    ]

    operations = [
        migrations.CreateModel(
            name='Conflict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('in_review', 'In review'), ('published', 'Published'), ('retired', 'Retired')], db_index=True, default='draft', help_text='Readers see what is published, and nothing else.', max_length=10)),
                ('slug', models.SlugField(unique=True)),
                ('message', models.CharField(help_text='What the visitor should know about choosing both.', max_length=300)),
                ('first', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conflicts_as_first', to='advisor.choice')),
                ('second', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conflicts_as_second', to='advisor.choice')),
            ],
            options={
                'ordering': ['slug'],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'in_review', 'published', 'retired'])), name='advisor_conflict_status_is_known', violation_error_message='Choose draft, in review, published or retired.'), models.CheckConstraint(condition=models.Q(('first', models.F('second')), _negated=True), name='advisor_conflict_is_between_two', violation_error_message='A conflict is between two choices.')],
            },
        ),
    ]
