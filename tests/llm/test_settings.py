"""Each setting from the first place that names it."""

import pytest

from alliance_sim.errors import AllianceError, EndpointProblem, InputProblem, UsageProblem
from alliance_sim.llm.config_file import change, read
from alliance_sim.llm.dotenv import read_dotenv
from alliance_sim.llm.endpoint import Timeouts
from alliance_sim.llm.settings import SETTINGS, Places, resolve
from alliance_sim.llm.setup import ModelSetup

URL = "http://localhost:9000/v1"


class FakeKeyring:
    def __init__(self, **keys: str) -> None:
        self.keys = dict(keys)
        self.asked: list[str] = []

    def get(self, url):
        self.asked.append(url)
        return self.keys.get(url)

    def set(self, url, key):
        self.keys[url] = key

    def delete(self, url):
        return self.keys.pop(url, None) is not None


@pytest.fixture
def places(tmp_path):
    def make(environ=None, dotenv="", config="") -> Places:
        folder = tmp_path / "settings"
        folder.mkdir(exist_ok=True)
        (folder / ".env").write_text(dotenv, "utf-8")
        (folder / "config.toml").write_text(config, "utf-8")
        return Places(environ or {}, folder / ".env", folder / "config.toml")

    return make


def test_the_nearest_place_wins(places):
    options = {"model": "of-options"}
    environ = {"ALLIANCE_SIM_MODEL": "of-environ", "OPENAI_BASE_URL": "http://environ/v1"}
    dotenv = "ALLIANCE_SIM_MODEL=no\nOPENAI_BASE_URL=http://no/v1\nALLIANCE_SIM_TEMPERATURE=0.5\n"
    config = 'model = "no"\nbase_url = "http://no/v1"\ntemperature = 1.5\nseed = 7\n'
    given = places(environ, dotenv, config)
    shown = {one.name: (one.value, one.source) for one in resolve(options, given).shown()}
    assert shown["model"] == ("of-options", "command line")
    assert shown["base_url"] == ("http://environ/v1", "OPENAI_BASE_URL")
    assert shown["temperature"] == ("0.5", str(given.dotenv))
    assert shown["seed"] == ("7", str(given.config))
    assert shown["retries"] == ("2", "default")
    assert shown["gguf"] == (None, "not set")
    assert shown["key"] == (None, "not set")


def test_an_empty_variable_names_nothing(places):
    found = resolve({}, places({"OPENAI_BASE_URL": "", "ALLIANCE_SIM_MODEL": " "}))
    assert not found.configured
    assert found.found["model"].value is None


def test_all_settings_reach_the_endpoint(places):
    config = (
        'base_url = "http://localhost:9000/v1/"\nmodel = "m"\ntemperature = 0.7\nseed = 3\n'
        "max_concurrent = 64\nretries = 0\ntimeout_connect = 1\ntimeout_first = 2.5\n"
        "timeout_between = 3\ntimeout_whole = 4\n"
    )
    endpoint = resolve({}, places(config=config)).endpoint()
    assert (endpoint.base_url, endpoint.model, endpoint.key) == (URL, "m", None)
    assert (endpoint.temperature, endpoint.seed) == (0.7, 3)
    assert (endpoint.max_concurrent, endpoint.retries) == (64, 0)
    assert endpoint.timeouts == Timeouts(1, 2.5, 3, 4)


@pytest.mark.parametrize(
    ("environ", "dotenv", "source"),
    [
        ({"OPENAI_API_KEY": "sesame"}, "OPENAI_API_KEY=other", "OPENAI_API_KEY"),
        ({}, "export OPENAI_API_KEY='sesame'", ".env"),
    ],
)
def test_the_key_is_shown_as_there_only(places, environ, dotenv, source):
    found = resolve({}, places(environ, dotenv, 'model = "m"'))
    assert found.configured
    assert found.endpoint().key == "sesame"
    assert (found.key.value, found.key.source.endswith(source)) == ("set", True)
    assert "sesame" not in f"{found!r} {found.shown()!r}"


def test_the_keyring_s_key_goes_to_its_own_address_only(places):
    keyring = FakeKeyring(**{URL: "sesame"})
    mine = ModelSetup(places({"OPENAI_BASE_URL": URL}), keyring=keyring)
    assert mine.settings().endpoint().key == "sesame"
    other = ModelSetup(places({"OPENAI_BASE_URL": "http://elsewhere/v1"}), keyring=keyring)
    assert other.settings().endpoint().key is None


def test_the_keyring_is_not_asked_in_vain(places):
    keyring = FakeKeyring()
    assert not ModelSetup(places(), keyring=keyring).settings().configured
    given = places({"OPENAI_BASE_URL": URL, "OPENAI_API_KEY": "sesame"})
    assert ModelSetup(given, keyring=keyring).settings().endpoint().key == "sesame"
    assert not keyring.asked


def test_nothing_configured_is_said_with_what_would_do(places):
    with pytest.raises(EndpointProblem, match=r"OPENAI_BASE_URL.*scripted"):
        resolve({}, places(config='model = "m"')).endpoint()


def test_an_address_named_nearer_wins_over_a_model_file(places):
    config = 'gguf = "m.gguf"\n'
    assert resolve({}, places(config=config)).gguf.name == "m.gguf"
    assert resolve({}, places({"OPENAI_BASE_URL": URL}, config=config)).gguf is None
    both = resolve({"gguf": "n.gguf"}, places({"OPENAI_BASE_URL": URL}, config=config))
    assert both.gguf.name == "n.gguf"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("temperature", "warm"),
        ("temperature", "2.1"),
        ("temperature", "nan"),
        ("seed", "1.5"),
        ("seed", "9" * 30),
        ("max_concurrent", "0"),
        ("timeout_first", "-1"),
        ("timeout_whole", "inf"),
        ("base_url", "localhost:8080"),
    ],
)
def test_a_bad_value_is_one_line_that_names_its_place(places, name, value):
    variable = SETTINGS[name].variable
    for given, problem, place in (
        ({"environ": {variable: value}}, UsageProblem, variable),
        ({"dotenv": f"{variable}={value}"}, InputProblem, ".env"),
        ({"config": f'{name} = "{value}"'}, InputProblem, "config.toml"),
    ):
        found = places(**given)
        with pytest.raises(problem) as caught:
            resolve({}, found)
        assert place in str(caught.value)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "place", "told"),
    [
        ('model = "m"\nseed = \n', ":2:", "name = value"),
        ('\n\nmodle = "m"\n', ":3:1", "modle"),
        ('\napi_key = "sesame"\n', ":2:1", "set-key"),
        ("[model]\nname = 1\n", ":1:1", "model"),
        ("seed = true\n", ":1:1", "seed"),
    ],
)
def test_a_bad_file_is_one_line_with_its_place(places, text, place, told):
    given = places(config=text)
    with pytest.raises(InputProblem) as caught:
        resolve({}, given)
    message = str(caught.value)
    assert message.startswith(f"{given.config}{place}")
    assert told in message
    assert "\n" not in message
    assert "sesame" not in message


def test_a_file_that_is_no_text(tmp_path):
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputProblem, match="UTF-8"):
        read(path, SETTINGS)
    with pytest.raises(InputProblem, match=str(tmp_path)):
        read(tmp_path, SETTINGS)


def test_changes_leave_the_other_lines_alone(tmp_path):
    path = tmp_path / "new" / "config.toml"
    change(path, {"model": 'odd "name" \\ here', "seed": "7"})
    path.write_text("# mine\n" + path.read_text("utf-8"), "utf-8")
    change(path, {"base_url": URL, "model": "m", "seed": None})
    assert path.read_text("utf-8") == f'# mine\nmodel = "m"\nbase_url = "{URL}"\n'
    assert read(path, SETTINGS) == {"model": "m", "base_url": URL}
    assert path.stat().st_mode & 0o077 == 0


def test_any_text_survives_the_file(tmp_path):
    odd = 'a "b" \\ \t # = é\x07'
    change(tmp_path / "c.toml", {"model": odd})
    assert read(tmp_path / "c.toml", SETTINGS) == {"model": odd}


def test_a_folder_that_may_not_be_written(tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(InputProblem, match=r"cannot be written|Not a directory"):
        change(tmp_path / "file" / "config.toml", {"model": "m"})


def test_what_no_file_of_text_holds_is_not_written(tmp_path):
    path = tmp_path / "config.toml"
    with pytest.raises(InputProblem, match="model has characters that no file of text can hold"):
        change(path, {"model": "m\udcff"})
    assert not path.exists()


def test_what_is_saved_is_checked_first(places):
    given = places(config='model = "m"\n')
    setup = ModelSetup(given, keyring=FakeKeyring())
    with pytest.raises(AllianceError, match="temperature"):
        setup.save({"model": "n", "temperature": "hot"})
    assert given.config.read_text("utf-8") == 'model = "m"\n'
    with pytest.raises(AllianceError, match="did you mean model"):
        setup.save({"modle": "n"})
    setup.save({"model": None, "base_url": f"{URL}/"})
    assert given.config.read_text("utf-8") == f'base_url = "{URL}"\n'


def test_a_key_is_saved_for_the_present_address_and_in_no_file(places):
    given, keyring = places(config=f'base_url = "{URL}"\nmodel = "m"\n'), FakeKeyring()
    setup = ModelSetup(given, keyring=keyring)
    setup.save_key(" sesame\n")
    assert keyring.keys == {URL: "sesame"}
    assert setup.settings().key.source == "the system's keyring"
    assert "sesame" not in given.config.read_text("utf-8")
    assert setup.forget_key()
    assert setup.settings().endpoint().key is None


def test_dotenv_lines(tmp_path):
    path = tmp_path / ".env"
    path.write_text(
        "# comment\n\nexport A=1\nB = 'two words' # why\nC=\"x # y\"\nD=z # w\nE=\nF=#\n"
        "not a line\nG=$HOME\nG2=a#b\n",
        "utf-8",
    )
    assert read_dotenv(path) == {
        "A": "1",
        "B": "two words",
        "C": "x # y",
        "D": "z",
        "E": "",
        "F": "",
        "G": "$HOME",
        "G2": "a#b",
    }
    assert read_dotenv(tmp_path) == {}
    assert read_dotenv(tmp_path / "none") == {}
