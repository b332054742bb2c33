import os
import sys

import flopledger_spool
from flopledger_spool import Spool


def expect(truth, what):
    if not truth:
        raise AssertionError(what)


def main(folder):
    spool = Spool(folder, run="small", stage="PRETRAINING", durable=True)
    expect(spool.attempt == 0, "the first start is attempt 0")
    spool.describe(model="tiny", total_parameters=10, active_parameters=10)
    expect(spool.record(1, tokens=5, sequences=1, squared_lengths=25, reported_flop=10**25), "recorded")
    expect(not spool.record(2, tokens="many"), "a bad value is not recorded, and nothing is raised")
    expect(not spool.record(2, colour=3), "an unknown fact is not recorded, and nothing is raised")
    expect(spool.record(2, tokens=6), "goes on")

    # A disk that takes half a line, then nothing, then all: the step is written later, whole.
    real, calls = os.write, []

    def failing(descriptor, data):
        calls.append(data)
        if len(calls) == 1:
            return real(descriptor, data[:len(data) // 2])
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        return real(descriptor, data)

    flopledger_spool.os.write = failing
    expect(not spool.record(3, tokens=7), "half a line is not recorded")
    expect(not spool.record(4, tokens=8), "a full disk records nothing")
    flopledger_spool.os.write = real
    expect(spool.record(5, tokens=9), "goes on")
    expect(spool.lost == 0, "nothing was lost")

    expect(spool.record(2, tokens=6) and spool.attempt == 1, "a step that goes back begins the next attempt")
    spool.close()
    expect(not spool.record(6, tokens=1), "nothing after the end")
    os.environ["SLURM_RESTART_COUNT"] = "4"
    expect(Spool(folder, run="small").attempt == 4, "the launcher's count")
    expect(Spool(folder, run="small").attempt == 5, "the launcher's count is taken")
    os.environ["RANK"] = "3"
    expect(not Spool(folder, run="other").record(1), "rank 0 writes")
    del os.environ["RANK"], os.environ["SLURM_RESTART_COUNT"]
    Spool("/proc/nowhere", run="x").record(1, tokens=1)
    # The half line is repaired with a line end, and refused as a whole: no reader takes part of it.
    torn = [line for name in os.listdir(folder) if name.endswith(".jsonl")
            for line in open(os.path.join(folder, name)) if not line.endswith("}\n")]
    expect(len(torn) == 1, "one torn line")
    for name in os.listdir(folder):
        if name.endswith(".jsonl"):
            path = os.path.join(folder, name)
            lines = [line for line in open(path) if line.endswith("}\n")]
            open(path, "w").writelines(lines)


main(sys.argv[1])
