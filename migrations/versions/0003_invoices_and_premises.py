"""Several hashes of one kind for an application: each invoice has its own.

Revision ID: 0003
Revises: 0002
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ONE_KIND = "uq_identifier_hash_application_id_kind"
ONE_HASH = "uq_identifier_hash_application_id_kind_hash"


def upgrade():
    with op.batch_alter_table("identifier_hash") as batch_op:
        batch_op.drop_constraint(ONE_KIND, type_="unique")
        batch_op.create_unique_constraint(ONE_HASH, ["application_id", "kind", "hash"])


def downgrade():
    # Of several hashes of one kind only one fits into the old table.
    op.execute(
        "DELETE FROM identifier_hash WHERE id NOT IN "
        "(SELECT MIN(id) FROM identifier_hash GROUP BY application_id, kind)"
    )
    with op.batch_alter_table("identifier_hash") as batch_op:
        batch_op.drop_constraint(ONE_HASH, type_="unique")
        batch_op.create_unique_constraint(ONE_KIND, ["application_id", "kind"])
