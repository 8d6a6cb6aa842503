"""Rows as Parquet, for statistics: every column has its type, times are UTC."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from importlib.util import find_spec
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

from alliance_sim.errors import UsageProblem
from alliance_sim.reporting.tables.columns import Column, Kind, Row

if TYPE_CHECKING:
    import pyarrow as pa

GROUP = 20_000
"""Rows that are held in memory and written together."""


def need_pyarrow() -> None:
    """Raises UsageProblem where the extra is not installed."""
    if find_spec("pyarrow") is None:
        raise UsageProblem(
            "the parquet extra is not installed: pip install 'alliance-sim[parquet]'"
        )


def write_parquet(rows: Iterable[Row], columns: Sequence[Column], out: BinaryIO) -> None:
    """Write rows. Raises UsageProblem where the extra is not installed."""
    need_pyarrow()
    import pyarrow as pa  # noqa: PLC0415 - large, and only of use here
    from pyarrow import parquet  # noqa: PLC0415 - as above

    schema = pa.schema([_field(column) for column in columns])
    with parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        for group in _groups(iter(rows)):
            arrays = [_array(column, group, schema.field(column.name).type) for column in columns]
            writer.write_batch(pa.record_batch(arrays, schema=schema))


def _groups(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while group := list(islice(rows, GROUP)):
        yield group


def _field(column: Column) -> "pa.Field":
    import pyarrow as pa  # noqa: PLC0415 - as above

    types = {
        Kind.TEXT: pa.string(),
        Kind.NUMBER: pa.float64(),
        Kind.WHOLE: pa.int32(),
        Kind.FLAG: pa.bool_(),
        Kind.TIME: pa.timestamp("us", tz="UTC"),
    }
    return pa.field(column.name, types[column.kind], metadata={"about": column.about})


def _array(column: Column, group: Sequence[Row], type_: "pa.DataType") -> "pa.Array":
    import pyarrow as pa  # noqa: PLC0415 - as above

    values: list[object] = [row[column.name] for row in group]
    if column.kind is Kind.TIME:
        values = [datetime.fromisoformat(str(value)) if value else None for value in values]
    return pa.array(values, type=type_)
