import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('advisor', '0008_theme_ends'),
        ('comparisons', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Preset',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('in_review', 'In review'), ('published', 'Published'), ('retired', 'Retired')], db_index=True, default='draft', help_text='Readers see what is published, and nothing else.', max_length=10)),
                ('slug', models.SlugField(unique=True)),
                ('name', models.CharField(help_text='Continues “Suggest points for …”: “a REST API”.', max_length=60)),
                ('why', models.TextField(help_text='Why these points, in a sentence that the citations bear out.')),
                ('choice', models.ForeignKey(help_text='The project that it is for.', on_delete=django.db.models.deletion.PROTECT, related_name='presets', to='advisor.choice')),
                ('citations', models.ManyToManyField(blank=True, related_name='presets', to='comparisons.citation')),
            ],
            options={
                'ordering': ['choice', 'slug'],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'in_review', 'published', 'retired'])), name='advisor_preset_status_is_known', violation_error_message='Choose draft, in review, published or retired.')],
            },
        ),
        migrations.CreateModel(
            name='PresetPoints',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('points', models.PositiveSmallIntegerField(choices=[(0, 'Does not matter'), (1, 'Nice to have'), (2, 'Important'), (4, 'Decisive')])),
                ('preset', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='points', to='advisor.preset')),
                ('theme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='preset_points', to='advisor.theme')),
            ],
            options={
                'verbose_name_plural': 'preset points',
                'ordering': ['preset', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('preset', 'theme'), name='advisor_presetpoints_one_per_theme', violation_error_message='The preset has points for this theme.'), models.CheckConstraint(condition=models.Q(('points__in', [0, 1, 2, 4])), name='advisor_presetpoints_are_a_step', violation_error_message='Points are 0, 1, 2 or 4.')],
            },
        ),
    ]
