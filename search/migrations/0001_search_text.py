
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='SearchText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40, unique=True)),
                ('revision', models.PositiveBigIntegerField()),
                ('is_live', models.BooleanField(default=True)),
                ('visibility', models.CharField(blank=True, max_length=16)),
                ('published_at', models.BigIntegerField(default=0)),
                ('check_from', models.BigIntegerField(null=True)),
                ('stale_from', models.BigIntegerField(null=True)),
                ('gone_at', models.BigIntegerField(null=True)),
                ('marks', models.TextField(blank=True)),
                ('folded_title', models.TextField(blank=True)),
                ('folded', models.TextField(blank=True)),
                ('document', models.JSONField(default=dict)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('is_live', True)), fields=['visibility', '-published_at'], name='search_text_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('is_live', True), models.Q(('folded', ''), ('folded_title', ''), ('marks', '')), _connector='OR'), name='search_text_deleted_has_no_text')],
            },
        ),
    ]
