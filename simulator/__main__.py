"""`python -m simulator` is the command `exchange-simulator`, for shells that do not find it.

Knows nothing of its own.
"""

import sys

from simulator.cli import main

sys.exit(main())
