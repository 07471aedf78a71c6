"""`make help`: lists the targets of the Makefile with the words that stand beside them."""

import re
from pathlib import Path

TARGET = re.compile(r"^([a-z%-]+):.*?## (.*)$", re.MULTILINE)
MAKEFILE = Path(__file__).resolve().parent.parent / "Makefile"


def main() -> None:
    """Print one line a target, in the order of the file."""
    for name, words in TARGET.findall(MAKEFILE.read_text(encoding="utf-8")):
        print(f"make {name.replace('%', '…'):<16} {words}")


if __name__ == "__main__":
    main()
