"""The same rows in four formats, read back with other programs' eyes."""

import csv
import io
import json
import tracemalloc
from datetime import UTC, datetime

import openpyxl
import pyarrow.parquet
import pytest

from alliance_sim.errors import UsageProblem
from alliance_sim.reporting.tables.columns import COLUMNS, chosen
from alliance_sim.reporting.tables.comma_separated import write_csv
from alliance_sim.reporting.tables.json_lines import write_jsonl
from alliance_sim.reporting.tables.parquet import write_parquet
from alliance_sim.reporting.tables.workbook import write_xlsx

AT = "2026-03-02T09:00:00.000250+00:00"


def row(**values):
    empty = {column.name: None for column in COLUMNS}
    known = {"session_id": "s1", "rubric": "empathy", "evidence_count": 0, "overridden": False}
    return {**empty, **known, **values}


ROWS = [
    row(score=2.64, opened_at=AT, overridden=True, override_reason="=1+1; „Zoë“\n\U0001f642"),
    row(rubric="pacing", why_null="Nothing, yet.", attempt=2, late=False, trainee="t-ü"),
]


def written(write, rows=ROWS, columns=COLUMNS, **how):
    out = io.BytesIO()
    write(iter(rows), columns, out, **how)
    out.seek(0)
    return out


def test_csv():
    text = written(write_csv).read().decode("utf-8")
    assert "\r" not in text
    first, second = csv.DictReader(io.StringIO(text, newline=""))
    assert list(first) == [column.name for column in COLUMNS]
    assert (first["score"], first["overridden"], first["opened_at"]) == ("2.64", "true", AT)
    assert first["override_reason"] == "'=1+1; „Zoë“\n\U0001f642"
    assert (second["score"], second["late"], second["attempt"]) == ("", "false", "2")
    assert second["trainee"] == "t-ü"


def test_json_lines():
    lines = written(write_jsonl).read().decode("utf-8").splitlines()
    first, second = [json.loads(line) for line in lines]
    assert list(first) == [column.name for column in COLUMNS]
    assert first == ROWS[0]
    assert second["score"] is None


def test_parquet():
    table = pyarrow.parquet.read_table(written(write_parquet))
    types = {field.name: str(field.type) for field in table.schema}
    assert types["score"] == "double"
    assert types["overridden"] == "bool"
    assert types["attempt"] == "int32"
    assert types["opened_at"] == "timestamp[us, tz=UTC]"
    first, second = table.to_pylist()
    assert first["opened_at"] == datetime(2026, 3, 2, 9, 0, 0, 250, tzinfo=UTC)
    assert first["override_reason"] == ROWS[0]["override_reason"]
    assert {**second, "opened_at": None} == ROWS[1]
    assert table.schema.field("opened_at").metadata[b"about"] == b"When the session began."


def test_parquet_without_rows_has_its_columns():
    table = pyarrow.parquet.read_table(written(write_parquet, []))
    assert table.num_rows == 0
    assert table.column_names == [column.name for column in COLUMNS]


def test_parquet_without_its_extra_is_named(monkeypatch):
    monkeypatch.setattr("alliance_sim.reporting.tables.parquet.find_spec", lambda name: None)
    with pytest.raises(UsageProblem, match=r"alliance-sim\[parquet\]"):
        written(write_parquet)


def test_xlsx_has_a_sheet_a_rubric_with_types():
    book = openpyxl.load_workbook(written(write_xlsx))
    assert book.sheetnames == ["index", "columns", "empathy", "pacing"]
    sheet = book["empathy"]
    titles = [cell.value for cell in sheet[1]]
    assert titles == [column.name for column in COLUMNS]
    cells = dict(zip(titles, sheet[2], strict=True))
    assert cells["score"].value == 2.64
    assert cells["overridden"].value is True
    assert cells["opened_at"].value == datetime(2026, 3, 2, 9, 0, 0)
    assert cells["opened_at"].is_date
    assert cells["override_reason"].value.startswith("'=1+1")
    assert {cell.data_type for line in sheet for cell in line} <= {"s", "n", "b", "d"}
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:AA2"
    assert [[cell.value for cell in line] for line in book["index"]["A2:C3"]] == [
        ["empathy", "empathy", 1],
        ["pacing", "pacing", 1],
    ]
    told = {line[0].value: line[1].value for line in book["columns"].iter_rows(min_row=2)}
    assert list(told) == titles
    assert told["opened_at"] == "time, UTC"


def test_a_sheet_that_is_full_goes_on_in_another():
    book = openpyxl.load_workbook(written(write_xlsx, [row(attempt=n) for n in range(5)], most=3))
    assert book.sheetnames[2:] == ["empathy", "empathy (2)", "empathy (3)"]
    column = [column.name for column in COLUMNS].index("attempt") + 1
    read = [
        sheet.cell(line, column).value
        for sheet in book.worksheets[2:]
        for line in range(2, sheet.max_row + 1)
    ]
    assert read == [0, 1, 2, 3, 4]
    assert [cell.value for cell in book["index"]["C"][1:]] == [2, 2, 1]


def test_names_of_sheets_are_such_as_a_workbook_may_have():
    names = ["index", "a/b:c", "A/B:C", "x" * 40, "x" * 41, "History", ""]
    book = openpyxl.load_workbook(written(write_xlsx, [row(rubric=name) for name in names]))
    sheets = book.sheetnames
    assert len({name.casefold() for name in sheets}) == len(sheets) == 2 + len(names)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in sheets)
    assert [cell.value or "" for cell in book["index"]["B"][1:]] == names


def test_a_text_that_is_too_long_for_a_cell_is_cut():
    book = openpyxl.load_workbook(written(write_xlsx, [row(override_reason="x" * 40_000)]))
    texts = [cell.value for cell in book["empathy"][2] if cell.data_type == "s"]
    assert max(map(len, texts)) == 32_767


@pytest.mark.parametrize("write", [write_csv, write_jsonl, write_parquet])
def test_some_columns_in_another_order(write):
    out = written(write, columns=chosen(["score", "session_id"]))
    if write is write_parquet:
        assert pyarrow.parquet.read_table(out).column_names == ["score", "session_id"]
    else:
        assert out.read().startswith((b"score,session_id\n2.64,s1\n", b'{"score": 2.64, "sess'))


class _Sink(io.RawIOBase):
    """Takes everything and keeps nothing."""

    def writable(self):
        return True

    def write(self, data):
        return len(data)


@pytest.mark.parametrize("write", [write_csv, write_jsonl, write_xlsx])
def test_memory_does_not_grow_with_the_rows(write):
    def peak(count):
        tracemalloc.start()
        write((row(session_id=f"s{n}", why_null=f"w{n}") for n in range(count)), COLUMNS, _Sink())
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(10)
    assert peak(6000) < 2 * peak(600) + 1_000_000
