"""What Alembic runs to migrate; the connection comes from `schema.upgrade`."""

from alembic import context

from alliance_sim.store.migrations import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    version_table=VERSION_TABLE,
)
with context.begin_transaction():
    context.run_migrations()
