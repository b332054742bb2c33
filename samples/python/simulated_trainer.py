# Copyright 2026 The FlopLedger project. Licensed under the Apache License, Version 2.0.
"""A trainer that trains nothing: it records steps, keeps checkpoints, and goes on from the last one when it is started again.

    python3 simulated_trainer.py FOLDER LAST_STEP

FOLDER/steps.txt is its own list of what it did: `begin ATTEMPT STEP TOKENS` before a step is recorded and `done ATTEMPT STEP TOKENS`
after. A process that is killed in between leaves a step that may have been recorded or not.
"""

import os
import random
import sys
import time

from flopledger_spool import Spool

CHECKPOINT_EVERY = 7


def main(folder, last_step):
    checkpoint = os.path.join(folder, "checkpoint.txt")
    first = 0
    if os.path.exists(checkpoint):
        with open(checkpoint) as file:
            first = int(file.read())
    own_list = os.open(os.path.join(folder, "steps.txt"), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with Spool(os.path.join(folder, "spool"), run="simulated", stage="PRETRAINING", max_bytes=4000) as spool:
        spool.describe(model="tiny", total_parameters=1000, active_parameters=1000)
        for step in range(first + 1, last_step + 1):
            tokens = random.randrange(1, 1 << 20)
            entry = "%d %d %d\n" % (spool.attempt, step, tokens)
            os.write(own_list, ("begin " + entry).encode())
            spool.record(step, tokens=tokens)
            os.write(own_list, ("done " + entry).encode())
            if step % CHECKPOINT_EVERY == 0:
                with open(checkpoint + ".new", "w") as file:
                    file.write(str(step))
                os.replace(checkpoint + ".new", checkpoint)
            time.sleep(0.001)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
