"""The measured side of a contender in Python: a job comes on standard input, what it cost goes to standard output, as ts/bench/child.ts has it."""

import json
import sys
import time


def status(field):
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(field + ":"))


def answer(prepare):
    """Measures the work that `prepare(job)` returns; the work returns what is to be said about it."""
    work = prepare(json.load(sys.stdin))
    before = status("VmRSS")
    cpu, began = time.process_time(), time.perf_counter()
    details = work()
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    measured = {"seconds": seconds, "cpuSeconds": cpu, "rssBeforeBytes": before, "peakRssBytes": status("VmHWM"), "details": details}
    json.dump(measured, sys.stdout)
