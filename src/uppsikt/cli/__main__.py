"""`python -m uppsikt.cli COMMAND`; what fails in a way that a person can mend ends with a sentence, not a traceback."""

from __future__ import annotations

import sys

from uppsikt.cli.parser import parse
from uppsikt.env import SettingError
from uppsikt.kernel.terminal import Trouble, say


def main() -> int:
    """Run the command; the exit code for the shell."""
    chosen = parse(sys.argv[1:])
    try:
        code: int = chosen.run(chosen)
    except (Trouble, SettingError) as trouble:
        say(f"Fel: {trouble}", f"Error: {trouble}")
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 0
    return code


if __name__ == "__main__":
    sys.exit(main())
