"""The committed form of a data set: one JSON file, one line a row, so that a change of the data is a readable diff."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any


def write_data_set(path: Path, release: Mapping[str, str], rows: Mapping[str, Any] | Sequence[Any], **extra: Any) -> None:
    """Write `{"release", …extra, "rows"}` to `path`."""
    head = [f'"release": {_compact(release)}', *(f'"{name}": {_compact(value)}' for name, value in extra.items())]
    if isinstance(rows, Mapping):
        body = "{\n" + ",\n".join(f"{json.dumps(key)}: {_compact(value)}" for key, value in rows.items()) + "\n}"
    else:
        body = "[\n" + ",\n".join(_compact(row) for row in rows) + "\n]"
    path.write_text("{\n" + ",\n".join([*head, f'"rows": {body}']) + "\n}\n", encoding="utf-8")


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
