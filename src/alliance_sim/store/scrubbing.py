"""What deleting leaves behind in the database's own files, and how far it can be wiped."""

from sqlalchemy import Engine, text

from alliance_sim.store.tables import metadata


def scrub(engine: Engine) -> bool:
    """Wipe what was deleted from the files, as far as the database can; whether all of it is.

    SQLite: the file is written anew without it, and the write-ahead log cut to nothing. False where
    another program is reading, whose log has to stay for now. PostgreSQL: the space of deleted rows
    is given free (VACUUM). Always False: the bytes stay until they are written over, in the log of
    the server until that is recycled, and in its backups; none of this is in this program's hands.
    """
    return _scrub_file(engine) if engine.dialect.name == "sqlite" else _scrub_server(engine)


def _scrub_file(engine: Engine) -> bool:
    with engine.connect() as connection:
        # Outside a transaction, where alone these can run.
        cursor = connection.connection.cursor()
        try:
            # Deleting overwrites with zeros (secure_delete); but where rows were moved between
            # pages before, old copies can stand in the unused part of a page.
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            ((busy, *_),) = cursor.fetchall()
        finally:
            cursor.close()
    return not busy


def _scrub_server(engine: Engine) -> bool:
    quote = engine.dialect.identifier_preparer.quote
    tables = ", ".join(quote(table.name) for table in metadata.sorted_tables)
    with engine.connect() as connection:
        outside = connection.execution_options(isolation_level="AUTOCOMMIT")
        outside.execute(text(f"VACUUM {tables}"))
    return False
