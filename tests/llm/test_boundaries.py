"""Client libraries stay behind the modules that are made for them."""

import ast
from pathlib import Path

import pytest

import alliance_sim

PACKAGE = Path(alliance_sim.__file__).parent
HOMES = {
    "openai": {"llm/openai_backend.py"},
    "httpx2": {"llm/openai_backend.py", "llm/bounded.py", "llm/event_data.py"},
    "xllamacpp": {"llm/gguf_server.py"},
    "keyring": {"llm/keys.py"},
    "tiktoken": {"llm/tokens.py"},
}


def imported(path: Path) -> set[str]:
    """Top-level packages that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


@pytest.mark.parametrize("library", HOMES)
def test_a_library_is_imported_in_one_place(library):
    homes = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if library in imported(path)
    }
    assert homes == HOMES[library]
