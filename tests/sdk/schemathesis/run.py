"""Sends the mock what openapi/portal.json allows and what it forbids, and holds it to its word.

`run.py [argument of schemathesis…]`; WORKOS_PORTAL_MOCK names the mock's binary. Files are written to the current folder.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from seed import Seeder

HERE = Path(__file__).resolve().parent
DOCUMENT = Path(os.environ.get("WORKOS_PORTAL_DOCUMENT") or HERE.parents[2] / "openapi/portal.json")

# Fewer requests than this are no test.
FEWEST_CASES = 5000

# A smaller share of valid requests served means that an operation was tested in name only.
LEAST_ACCEPTED = 0.25

# The clock stands, so that a run is like any other. The certificates are valid then.
CLOCK = "2027-01-01T12:00:00Z"

# Three calendar months before, where the ranges of exports may begin.
EARLIEST_EXPORT = "2026-10-01T12:00:00Z"


def main() -> int:
    program = os.environ.get("WORKOS_PORTAL_MOCK")
    if not program:
        sys.exit("WORKOS_PORTAL_MOCK has to name the binary of the mock")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WORKOS_")}
    # Answers with addresses become requests, and the port is another one in every run.
    same = ["--random-seed", "1", "--clock", CLOCK, "--public-url", "https://mock.example"]
    flags = ["--listen", "127.0.0.1:0", "--json", "--log", "error", *same]
    mock = subprocess.Popen([program, *flags], env=environment, stdout=subprocess.PIPE, text=True)
    try:
        line = mock.stdout.readline()
        if not line:
            sys.exit(f"{program} ended before it listened")
        facts = json.loads(line)
        return run(f"http://{facts['address']}", facts["api_key"], environment)
    finally:
        mock.terminate()
        mock.wait()


def run(url: str, key: str, environment: dict[str, str]) -> int:
    ids, report = Path("ids.json").resolve(), Path("report.json").resolve()
    ids.write_text(json.dumps(Seeder(url, key).fill()))
    report.unlink(missing_ok=True)
    arguments = ["--url", url, "--report", "json", "--report-json-path", str(report), *sys.argv[1:]]
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml")]
    variables = {
        "WORKOS_API_KEY": key,
        "WORKOS_PORTAL_DOCUMENT": str(DOCUMENT),
        "SCHEMATHESIS_IDS": str(ids),
        "SCHEMATHESIS_EARLIEST_EXPORT": EARLIEST_EXPORT,
        "SCHEMATHESIS_HOOKS": "hooks",
        "PYTHONPATH": str(HERE),
        "PYTHONDONTWRITEBYTECODE": "1",
        # Strings are compared by their hash in places, which Python makes up anew for each process.
        "PYTHONHASHSEED": "0",
    }
    finished = subprocess.run([*command, "run", str(DOCUMENT), *arguments], env={**environment, **variables})
    if not report.exists():
        sys.exit(finished.returncode or 1)
    problems = weaknesses(json.loads(report.read_text()))
    for problem in problems:
        print(problem, file=sys.stderr)
    return finished.returncode or bool(problems)


def weaknesses(report: dict[str, Any]) -> list[str]:
    """Why a run without failures is no test: too few requests, or an operation that refused most of the valid ones."""
    cases = report["test_cases"]["generated"]
    problems = [] if cases >= FEWEST_CASES else [f"only {cases} cases of at least {FEWEST_CASES}"]
    for operation, phases in report["valid_rates"].items():
        outcomes = phases.get("fuzzing", {"accepted": 0})
        accepted, valid = outcomes["accepted"], sum(outcomes.values())
        if accepted == 0 or accepted < valid * LEAST_ACCEPTED:
            problems.append(f"{operation} accepted only {accepted} of {valid} valid requests")
    return problems


if __name__ == "__main__":
    sys.exit(main())
