"""The command `exchange-contracts`, also as `python -m contracts`.

Loads the command itself where Ctrl-C is already heeded. Knows nothing else of its own.
"""

import sys

from contracts import interrupts


def main() -> int:
    """The command. Returns its exit status."""
    with interrupts.heeded():
        from contracts import cli, stderr

        try:
            return cli.main()
        finally:
            stderr.let_go()  # argparse writes there as well


if __name__ == "__main__":
    sys.exit(main())
