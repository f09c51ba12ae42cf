"""Lets the test modules share `diagram_problems`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
