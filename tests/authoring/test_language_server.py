"""Shipped files in a real editor's language server: completion, and an error on its line.

Needs `yaml-language-server` from npm: on the path, or named by YAML_LANGUAGE_SERVER.
"""

import json
import os
import queue
import shutil
import subprocess
import threading
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVER = os.environ.get("YAML_LANGUAGE_SERVER") or shutil.which("yaml-language-server")
PATIENCE = 60

pytestmark = pytest.mark.skipif(
    SERVER is None,
    reason="yaml-language-server is not installed (npm install yaml-language-server)",
)


class Editor:
    """The little of the Language Server Protocol that an editor speaks."""

    def __init__(self, process):
        self.process = process
        self.count = 0
        self.version = 0
        self.said = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        stream = self.process.stdout
        while header := stream.readline():
            length = int(header.split(b":")[1])
            while stream.readline().strip():
                pass
            self.said.put(json.loads(stream.read(length)))

    def _send(self, message):
        body = json.dumps({"jsonrpc": "2.0"} | message).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def notify(self, method, params):
        self._send({"method": method, "params": params})

    def ask(self, method, params):
        self.count += 1
        self._send({"id": self.count, "method": method, "params": params})
        return self._until(lambda m: m.get("id") == self.count and "method" not in m)["result"]

    def _until(self, wanted):
        while True:
            message = self.said.get(timeout=PATIENCE)
            if "method" in message and "id" in message:
                self._answer(message)
            elif wanted(message):
                return message

    def _answer(self, message):
        """The server asks for settings: there are none."""
        items = message.get("params", {}).get("items")
        self._send({"id": message["id"], "result": [None] * len(items) if items else None})

    def open(self, path, text):
        """Errors of a file as it is shown in the editor: (line from 1, message)."""
        uri, self.version = path.as_uri(), self.version + 1
        document = {"uri": uri, "languageId": "yaml", "version": self.version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})
        told = self._until(
            lambda m: (
                m.get("method") == "textDocument/publishDiagnostics" and m["params"]["uri"] == uri
            )
        )
        found = told["params"]["diagnostics"]
        return [(each["range"]["start"]["line"] + 1, each["message"]) for each in found]

    def complete(self, path, line, col):
        """The names offered at a place, both from 0."""
        place = {"line": line, "character": col}
        asked = {"textDocument": {"uri": path.as_uri()}, "position": place}
        found = self.ask("textDocument/completion", asked)
        return {item["label"] for item in found["items"]}


@pytest.fixture(scope="module")
def editor():
    with subprocess.Popen(
        [SERVER, "--stdio"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
    ) as process:
        made = Editor(process)
        made.ask(
            "initialize",
            {"processId": None, "rootUri": ROOT.as_uri(), "capabilities": {}},
        )
        made.notify("initialized", {})
        yield made
        process.kill()


@pytest.fixture
def folder(tmp_path):
    """Where a scenario's `$schema` line finds the schema, as in a checkout."""
    (tmp_path / "docs").mkdir()
    shutil.copytree(ROOT / "docs" / "schema", tmp_path / "docs" / "schema")
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "rubrics").mkdir()
    return tmp_path


SHIPPED = [
    *sorted((ROOT / "scenarios").glob("*.yaml")),
    *sorted((ROOT / "rubrics").glob("*.yaml")),
]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_file_has_no_red_line(editor, path):
    assert editor.open(path, path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\ndifficulty: 2\n", "\ndifficulty: 9\n"),
        ("\nintensity: moderate\n", "\nintensity: fierce\n"),
        ("\n  pronouns:", "\n  pronuons:"),
        ("\n  type: wary\n", "\n  type: [wary]\n"),
    ],
)
def test_an_error_lands_on_its_line(editor, folder, old, new):
    text = (ROOT / "scenarios" / "wary.yaml").read_text("utf-8")
    assert old in text
    wrong = text.replace(old, new, 1)
    line = wrong[: wrong.index(new) + 1].count("\n") + 1
    found = editor.open(folder / "scenarios" / f"wary{line}.yaml", wrong)
    # A misspelled field is missing, too, which is told where the fields begin.
    assert line in {at for at, _ in found}, found


def test_completion_offers_the_fields_that_are_left(editor, folder):
    path = folder / "scenarios" / "new.yaml"
    head = "# yaml-language-server: $schema=../docs/schema/scenario.schema.json\n"
    editor.open(path, head + "id: new\nclient:\n  name: Ann\n  \n")
    assert {"age", "pronouns", "voice"} <= editor.complete(path, 4, 2)
    assert "name" not in editor.complete(path, 4, 2)


def test_completion_offers_the_choices_of_a_field(editor, folder):
    path = folder / "scenarios" / "choices.yaml"
    head = "# yaml-language-server: $schema=../docs/schema/scenario.schema.json\n"
    editor.open(path, head + "id: choices\nintensity: \n")
    assert {"mild", "moderate", "strong"} <= editor.complete(path, 2, 11)
