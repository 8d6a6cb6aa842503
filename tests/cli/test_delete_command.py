"""`sessions delete`: nothing that the program itself has kept of the words remains."""

from alliance_sim.cli.wiring import data_folder

WORDS = "Plum jam on the windowsill all winter long, you said.\n"


def test_a_debrief_that_was_saved_goes_with_its_session(cli):
    assert cli("practice", "mandated", "--plain", "--seed", "7", stdin=WORDS).code == 0
    (line,) = cli("sessions", "list").out.splitlines()
    session_id = line.split("\t")[0]
    pages = data_folder() / "debriefs"
    pages.mkdir(parents=True)
    page, other = pages / f"{session_id}.html", pages / "another.html"
    for path in (page, other):
        path.write_text(WORDS, "utf-8")
    done = cli("sessions", "delete", "last", "--yes")
    assert (done.code, done.err) == (0, f"deleted {session_id}\n")
    assert not page.exists()
    assert other.exists()
