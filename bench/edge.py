"""How long a page takes on an EDGE line, from its compressed size: handshakes, request, slow start, bandwidth (PERFORMANCE.md).

The model is checked against measured pages there (2 kB 2.7 s, 14 kB 3.0 s, 30 kB 3.9 s, 100 kB 6.3 s): round trip 840 ms, 240 kbit/s down,
one round trip each for TCP, TLS 1.3 and the request; the first window holds ten segments, after the second the line is full.
"""

ROUND_TRIP_S = 0.84
BYTES_PER_S = 240_000 / 8
FIRST_WINDOW_BYTES = 14_600
COLD_ROUND_TRIPS = 3
WARM_ROUND_TRIPS = 1


def edge_seconds(size: int, *, round_trips: int = COLD_ROUND_TRIPS) -> float:
    """Return the seconds until the last of `size` bytes is there; `round_trips` before the first byte (warm connection: 1)."""
    start = round_trips * ROUND_TRIP_S
    if size <= FIRST_WINDOW_BYTES:
        return start + size / BYTES_PER_S
    return start + ROUND_TRIP_S + (size - FIRST_WINDOW_BYTES) / BYTES_PER_S
