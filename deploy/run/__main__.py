"""`make run`: from a fresh checkout to a running site. Needs nothing but Python's standard library until the environment is made.

    python3 deploy/run          everything, then serve until Ctrl-C
    python3 deploy/run --dev    only make .venv, with what tests and checks need (`make install`)

The variables PORT, HOST, DEMO, DATA_DIR, DATABASE_URL, ELASTICSEARCH_URL say how (README, "For operators").
"""

import sys

# Before anything of ours is imported: an older Python stumbles over its annotations, and would say so in words that help nobody.
if sys.version_info < (3, 11):
    print(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}. Say which: make run PYTHON=python3.12", file=sys.stderr)
    sys.exit(2)

import run_environment
import run_options
import run_servers


def main() -> int:
    """Return the exit code."""
    try:
        if "--dev" in sys.argv[1:]:
            run_environment.ensure_dev()
            return 0
        run_environment.ensure()
        options = run_options.read()
        run_options.write_run_env(options)
        run_servers.prepare(options)
        return run_servers.serve(options)
    except run_options.CannotRun as reason:
        print(f"make run: {reason}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped.")
        return 0


if __name__ == "__main__":
    sys.exit(main())
