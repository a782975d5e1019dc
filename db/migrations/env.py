"""Alembic's entry: it orders the migrations and writes them as a script; the driver runs that."""

from alembic import context

context.configure(dialect_name="postgresql", transaction_per_migration=True, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
