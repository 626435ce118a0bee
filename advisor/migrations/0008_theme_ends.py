from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('advisor', '0007_question_conditions'),
    ]

    operations = [
        migrations.AddField(
            model_name='theme',
            name='best',
            field=models.CharField(blank=True, help_text='What the highest levels of its features come to, in plain words.', max_length=200),
        ),
        migrations.AddField(
            model_name='theme',
            name='worst',
            field=models.CharField(blank=True, help_text='What the lowest levels of its features come to, in plain words.', max_length=200),
        ),
    ]
