"""The command `exchange-simulator`, also as `python -m simulator`, for shells that do not find it.

Loads the command itself where Ctrl-C is already heard. Knows nothing else of its own.
"""

import sys


def main() -> int:
    """The command. Returns its exit status: 130 when Ctrl-C comes before it is even loaded."""
    try:
        from simulator import cli

        return cli.main()
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
