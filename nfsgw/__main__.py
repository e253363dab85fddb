"""`python -m nfsgw`: the command line."""

import sys

from nfsgw.cli import main

if __name__ == "__main__":
    sys.exit(main())
