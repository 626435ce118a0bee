import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('advisor', '0006_record_personas'),
    ]

    operations = [
        migrations.AddField(
            model_name='question',
            name='shown_if',
            field=models.ForeignKey(blank=True, help_text='Ask only those who chose this; its own question asks everybody.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='opens', to='advisor.choice'),
        ),
        migrations.AlterField(
            model_name='question',
            name='kind',
            field=models.CharField(choices=[('project', 'Project: choose one use case'), ('priority', 'Priority: points for one theme'), ('tie_break', 'Tie-break: one of the themes that matter most'), ('must_haves', 'Must-haves: choose several capabilities'), ('team_knows', 'Frameworks that the team knows'), ('candidates', 'Frameworks to choose from')], max_length=12),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(('slug__in', ('csrfmiddlewaretoken', 'preset', 'suggest')), _negated=True), name='advisor_question_slug_is_free', violation_error_message='The form has another field of this name.'),
        ),
    ]
