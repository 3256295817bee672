"""Claims -> the control table, over four sizes: time, memory, the fitted exponent; a day's state; one more claim.

Run: make bench, or PYTHONPATH=. python benches/bench_control.py [SIZE ...]
"""

from __future__ import annotations

import gc
import math
import os
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from multiprocessing import Process, Value
from pathlib import Path

from geo.claims import Claim
from geo.control import Ledger, control_table, state_on
from geo.story import Story, read_story

SIZES = (10_000, 32_000, 100_000, 320_000, 1_000_000)
PLACES = 20_000
CORES = os.cpu_count() or 1
FIRST, DAYS = date(2012, 1, 1), 3650
KINDS = ("captured", "controls", "controls", "controls", "clashes", "repelled", "entered", "withdrew", "strike")


def claims(story: Story, size: int, seed: int = 1) -> dict[str, Claim]:
    """Return random claims of ten years on up to `PLACES` places of the story's kind, by id."""
    draw = random.Random(seed)  # noqa: S311 - numbers for a benchmark
    actors = [actor.id for actor in story.settings.actors.values() if actor.holds_ground]
    sources = list(story.settings.sources)
    made = {}
    for number in range(size):
        last = FIRST + timedelta(days=draw.randrange(DAYS))
        claim_id = f"c{number}"
        made[claim_id] = Claim(
            claim_id=claim_id,
            article="a",
            start=0,
            end=1,
            text="x",
            place=f"p{draw.randrange(PLACES)}",
            kind=draw.choice(KINDS),
            actor=draw.choice(actors),
            against=(draw.choice(actors),),
            extent="",
            first=last - timedelta(days=draw.choice((0, 0, 0, 1, 7))),
            last=last,
            precision="day",
            standing="",
            implied=False,
            reported=last + timedelta(days=draw.choice((0, 0, 1, 3))),
            claimants=(draw.choice(sources),),
            modality=draw.choice(("asserted", "attributed", "attributed", "denied")),
            relation=draw.choice(("originating", "originating", "relay")),
        )
    return made


def seconds(run: Callable[[], object], times: int = 1) -> float:
    """Return the median seconds of a run."""
    taken = []
    for _ in range(times):
        gc.collect()
        began = time.perf_counter()
        run()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def cpu() -> float:
    """Return the seconds that all cores have spent on this program."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


class Memory:
    """The most memory that this program and its children hold at once, MB; pages that they share count once (Linux)."""

    def __init__(self) -> None:
        self._peak = Value("d", 0.0)
        Process(target=self._watch, args=(os.getpid(),), daemon=True).start()

    @property
    def peak(self) -> float:
        """The most so far."""
        return float(self._peak.value)

    def _watch(self, pid: int) -> None:
        while True:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
            held = sum(self._held(int(one)) for one in (pid, *children) if int(one) != os.getpid())
            self._peak.value = max(self._peak.value, held / 1024)
            time.sleep(0.5)

    def _held(self, pid: int) -> int:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
        except OSError:
            return 0  # it has ended
        return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def main() -> None:
    """Print the tables."""
    print(f"{CORES} cores, up to {PLACES:,} places, {DAYS:,} days\n")
    bundled = read_story("seeds")
    place = next(place for place in bundled.places.values() if place.is_settlement)
    places = {f"p{number}": replace(place, place_id=f"p{number}") for number in range(PLACES)}
    sizes = [int(size) for size in sys.argv[1:]] or list(SIZES)
    columns = ("claims", "rows", "table, s", "of all cores, s", "µs a claim", "state on a day, ms", "one more claim, ms")
    print("|", " | ".join((*columns, "rebuild / one more", "peak, MB")), "|")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    curve, memory = [], Memory()
    for size in sizes:
        made = claims(bundled, size)
        story = replace(bundled, places=places, claims=made, editions=())
        began = cpu()
        took = seconds(lambda story=story: control_table(story, workers=CORES))  # type: ignore[misc]
        spent = cpu() - began
        table = control_table(story, workers=CORES)
        day = seconds(lambda table=table: state_on(table, FIRST + timedelta(days=DAYS // 2)), 7)  # type: ignore[misc]
        ledger = Ledger(story)
        ledger.table  # noqa: B018 - built once, as for a page that is open
        extra = iter(claims(bundled, 8, seed=2).values())

        def one_more(ledger: Ledger = ledger, extra: object = extra) -> None:
            ledger.put([replace(next(extra), claim_id="new")])  # type: ignore[call-overload]
            ledger.table  # noqa: B018 - what readers are shown

        more = seconds(one_more, 7)
        curve.append((size, took))
        cells = (size, len(table), f"{took:.2f}", f"{spent:.2f}", f"{1e6 * spent / size:.1f}", f"{1e3 * day:.1f}")
        print(
            "|",
            " | ".join(map(str, (*cells, f"{1e3 * more:.2f}", f"{took / more:.0f}", f"{memory.peak:.0f}"))),
            "|",
            flush=True,
        )
    if len(curve) > 1:
        exponent = statistics.linear_regression([math.log(n) for n, _ in curve], [math.log(t) for _, t in curve]).slope
        print(f"\nfitted exponent of the table: {exponent:.2f}")


if __name__ == "__main__":
    main()
