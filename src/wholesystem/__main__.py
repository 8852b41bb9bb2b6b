"""`python -m wholesystem`: the same as the command `wholesystem`."""

import sys

from wholesystem.cli import main

if __name__ == "__main__":
    sys.exit(main())
