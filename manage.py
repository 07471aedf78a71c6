#!/usr/bin/env python
"""Django's command line, with the settings that `make run` wrote where the environment says nothing else."""

import os
import sys

try:
    from django.core.management import execute_from_command_line
except ImportError:
    sys.exit(
        "Django is not installed for this Python. Run `make run` (site with demonstration content) or `make install` once,\n"
        "then use .venv/bin/python manage.py …"
    )

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    execute_from_command_line(sys.argv)
