"""Decisions and seals are append-only in the database itself (DATA.md, Decisions)."""

from django.db import migrations

from moderation.guards import create_guards, drop_guards


class Migration(migrations.Migration):
    dependencies = [("moderation", "0001_initial")]

    operations = [
        migrations.RunPython(
            lambda apps, editor: create_guards(editor.connection),
            lambda apps, editor: drop_guards(editor.connection),
            elidable=False,
        ),
    ]
