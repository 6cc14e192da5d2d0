import sys
from pathlib import Path

# The samples are a plain module beside the tests (import mode importlib adds no folder).
sys.path.insert(0, str(Path(__file__).parent))
