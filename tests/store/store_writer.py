"""A program that writes a session and says so: `store_writer.py STORE SESSION FIRST LAST`.

Writes a turn to stdout once its append has returned.
"""

import sys

from store_events import minute, opened, sent

from alliance_sim.store.repository import Store


def main(path, session, first, last):
    with Store.open(path) as store:
        if not store.events(session):
            store.append(session, [opened()], at=minute(0))
        for turn in range(first, last + 1):
            store.append(session, [sent(turn, f"{session} {turn} " * (turn % 50))], at=minute(turn))
            sys.stdout.write(f"{turn}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
