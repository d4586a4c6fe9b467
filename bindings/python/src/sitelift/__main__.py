"""`python -m sitelift`: the command line."""

import sys

from sitelift.cli import main

sys.exit(main())
