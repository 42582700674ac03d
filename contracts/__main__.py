"""`python -m contracts` is `exchange-contracts`."""

import sys

from contracts.cli import main

sys.exit(main())
