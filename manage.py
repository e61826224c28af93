#!/usr/bin/env python3
"""Django's command line with the portal's environment; `./portal manage …` runs it."""

import sys

from ccp_portal.environment import Refused, prepare


def main() -> None:
    try:
        prepare()
    except Refused as refusal:
        sys.exit(f"portal: {refusal}")
    from django.core.management import execute_from_command_line  # the environment first

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
