"""`guixin COMMAND`: one door to everything that is done from a shell."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guixin.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["guixin", *sys.argv[1:]])


if __name__ == "__main__":
    main()
