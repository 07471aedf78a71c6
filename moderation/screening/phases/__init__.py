"""One file a phase: a pure function from Screened to findings."""
