"""The command `alliance-sim`, whose workers take others for dead sooner than they would."""

import sys

from alliance_sim.cli.app import run
from alliance_sim.cli.exits import guarded
from alliance_sim.runtime.batches import claiming, jobs

if __name__ == "__main__":
    for module in (claiming, jobs):
        module.QUIET = 1.5
        module.BEAT = 0.2
    jobs.RESCUE = 0.3
    sys.exit(guarded(run))
