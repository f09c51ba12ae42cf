"""``python -m fgps`` is the command line."""

from fgps.cli.main import main

main()
