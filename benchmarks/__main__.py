"""Run the benchmarks, print one table, write ``var/bench.json`` (ARCHITECTURE §5).

    python -m benchmarks [planning claiming import_files …] [--quick]

Exit status 1 when a bar does not hold.
"""

import argparse
import importlib
import json
import os
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
NOT_BENCHMARKS = {"__init__", "__main__", "common", "crowd", "figures_by_hand", "shop"}


def main() -> int:
    modules = sorted(p.stem for p in HERE.glob("*.py") if p.stem not in NOT_BENCHMARKS)
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("modules", nargs="*", help=f"of {', '.join(modules)}; default all")
    parser.add_argument("--quick", action="store_true", help="a hundredth of the size")
    options = parser.parse_args()
    chosen = options.modules or modules
    if unknown := set(chosen) - set(modules):
        parser.error(f"no benchmark {', '.join(sorted(unknown))}")

    var = HERE.parent / "var" / "bench"
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)  # always on our own server
    os.environ |= {"VAR_DIR": str(var), "DJANGO_SETTINGS_MODULE": "dms_ssi.settings"}
    django = importlib.import_module("django")
    django.setup()
    common = importlib.import_module("benchmarks.common")
    common.QUICK = options.quick
    rows: list[dict] = []
    try:
        common.prepare_server()
        for name in chosen:
            start = time.monotonic()
            found = importlib.import_module(f"benchmarks.{name}").run()
            rows += found
            print(f"{name}: {len(found)} rows in {time.monotonic() - start:.0f} s", flush=True)
    finally:
        common.stop_server()
    show(rows)
    if not options.quick:
        write(HERE.parent / "var" / "bench.json", rows)
    return 0 if all(row["holds"] for row in rows) else 1


def show(rows: list[dict]) -> None:
    width = max((len(row["name"]) for row in rows), default=4)
    print(f"\n{'':{width}}  {'ours':>12} {'limit':>12} {'ratio':>8} {'bar':>6}  holds")
    for row in rows:
        print(
            f"{row['name']:{width}}  {row['ours']:>12,.3f} {row['limit']:>12,.3f} "
            f"{row['ratio']:>8.2f} {row['bar']:>6}  {'yes' if row['holds'] else 'NO'}"
        )


def write(file: Path, rows: list[dict]) -> None:
    """A run of some benchmarks keeps what the others said last."""
    new = {row["name"] for row in rows}
    before = json.loads(file.read_text()) if file.exists() else []
    rows = [row for row in before if row["name"] not in new] + rows
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
    print(f"\n{file}")


if __name__ == "__main__":
    sys.exit(main())
