"""`python -m uppsikt.cli COMMAND`; what fails in a way that a person can mend ends with a sentence, not a traceback."""

from __future__ import annotations

import sys

from django.db.utils import OperationalError

from uppsikt.cli.parser import parse
from uppsikt.env import SettingError
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.terminal import Trouble, say


def main() -> int:
    """Run the command; the exit code for the shell."""
    chosen = parse(sys.argv[1:])
    try:
        code: int = chosen.run(chosen)
    except (Trouble, SettingError, Refused) as trouble:
        say(f"Fel: {trouble}", f"Error: {trouble}")
        return 1
    except OperationalError as error:
        why = str(error).strip().splitlines()[0]
        say(
            f"Fel: databasen svarar inte ({why}). Kontrollera DATABASE_URL, eller kör ./uppsikt doctor.",
            f"Error: the database does not answer ({why}). Look at DATABASE_URL, or run ./uppsikt doctor.",
        )
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 0
    return code


if __name__ == "__main__":
    sys.exit(main())
