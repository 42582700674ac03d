"""The command `exchange-contracts`, also as `python -m contracts`.

Loads the command itself where Ctrl-C is already heeded. Knows nothing else of its own.
"""

import sys

from contracts import interrupts


def main() -> int:
    """The command. Returns its exit status, and leaves Ctrl-C ignored: the process is to end with that."""
    try:
        with interrupts.heeded(for_good=True):
            from contracts import cli, stderr

            try:
                return cli.main()
            finally:
                interrupts.end()
                stderr.let_go()  # argparse writes there as well
    except KeyboardInterrupt:  # while the command was loaded
        from contracts import stderr

        stderr.tell("exchange-contracts: stopped")
        return 2


if __name__ == "__main__":
    sys.exit(main())
