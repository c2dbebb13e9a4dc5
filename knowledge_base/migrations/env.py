"""Run migrations on the connection that `Database.migrate` hands over, inside its transaction."""

from alembic import context

from knowledge_base.store.broker_tables import Base  # the last in the chain: it brings every table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
