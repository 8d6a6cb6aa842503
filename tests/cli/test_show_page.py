"""`sessions show --html`: the page for supervision from the command line."""

import pytest


@pytest.fixture
def held(cli):
    assert (
        cli("practice", "wary", "--plain", "--seed", "3", stdin="Come in.\nHow is work?\n").code
        == 0
    )


def test_the_page_is_written(cli, held, tmp_path):
    path = tmp_path / "new" / "page.html"
    done = cli("sessions", "show", "last", "--html", str(path))
    assert done.code == 0
    assert "<!DOCTYPE" not in done.out
    assert "Come in." in path.read_text("utf-8")


def test_a_place_that_cannot_be_written(cli, held, tmp_path):
    (tmp_path / "file").write_text("x")
    done = cli("sessions", "show", "--html", str(tmp_path / "file" / "page.html"))
    assert done.code == 2
    assert len(done.err.splitlines()) == 1
    assert "cannot be written" in done.err
