"""Alembic's entry: it orders the migrations and writes them as a script; the driver runs that."""

from typing import Any

from alembic import context
from alembic.ddl.postgresql import PostgresqlImpl
from sqlalchemy import Column, MetaData, Table, Text


class NamedRevisions(PostgresqlImpl):
    """Our revisions are names, and names may be longer than alembic's 32 characters."""

    __dialect__ = "postgresql"

    def version_table_impl(self, *, version_table: str, version_table_schema: str | None, **_: Any) -> Table:
        named = Column("version_num", Text, primary_key=True)
        return Table(version_table, MetaData(schema=version_table_schema), named)


context.configure(dialect_name="postgresql", transaction_per_migration=True, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
