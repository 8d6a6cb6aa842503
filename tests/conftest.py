"""What holds for every test. Being here also puts this folder on the path, for `factories`."""

import pytest


@pytest.fixture(autouse=True)
def _no_settings_of_the_developer(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = str(tmp_path_factory.getbasetemp() / "home")
    for name in ("HOME", "USERPROFILE", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, home)
    for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY", "ALLIANCE_SIM_MODEL", "ALLIANCE_SIM_STORE"):
        monkeypatch.delenv(name, raising=False)
