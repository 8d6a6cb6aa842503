"""`pack` from the command line."""

from factories import minimal_scenario_dict, write_yaml


def test_put_in_played_and_taken_out(cli, tmp_path):
    folder = tmp_path / "harbour" / "scenarios"
    folder.mkdir(parents=True)
    write_yaml(folder / "small.yaml", minimal_scenario_dict())
    assert cli("pack", "add", str(folder.parent)).out == "scenario\tsmall\n"
    assert cli("pack", "list").out == "harbour\tsmall\n"
    assert cli("practice", "small", "--plain", stdin="Hello.\n").code == 0
    again = cli("pack", "add", str(folder.parent))
    assert again.code == 3
    assert "is in already" in again.err
    assert cli("pack", "remove", "harbour").code == 0
    assert cli("practice", "small", "--plain", stdin="Hello.\n").code == 3
