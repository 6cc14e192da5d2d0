"""``python -m drills``: the same as the command ``bptt``."""

import os
import sys


def _leave_working_folder_out() -> None:
    """Take the working folder off the path: another project's ``engine`` there must not be ours.

    ``python -m`` puts it first. It stays when this very package was found through it.
    """
    parent = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    here = os.path.abspath(os.getcwd())
    if here != parent:
        sys.path[:] = [folder for folder in sys.path if os.path.abspath(folder or ".") != here]


if __name__ == "__main__":
    _leave_working_folder_out()
    from drills.cli import main

    sys.exit(main())
