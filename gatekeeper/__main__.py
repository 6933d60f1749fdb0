"""`python -m gatekeeper`, which is how `gatekeeper up` starts its parts."""

from gatekeeper.cli import main

main()
