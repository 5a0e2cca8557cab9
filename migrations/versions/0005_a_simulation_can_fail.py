"""A simulation of which a part cannot be counted ends as failed.

Revision: 0005, after 0004
"""

from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

BEFORE = "state IN ('waiting', 'running', 'done', 'cancelled')"
AFTER = "state IN ('waiting', 'running', 'done', 'failed', 'cancelled')"


def _allow(states: str) -> None:
    with op.batch_alter_table('simulation') as table:
        table.drop_constraint(op.f('ck_simulation_state'), type_='check')
        table.create_check_constraint(op.f('ck_simulation_state'), states)


def upgrade() -> None:
    _allow(AFTER)


def downgrade() -> None:
    op.execute("UPDATE simulation SET state = 'cancelled' WHERE state = 'failed'")
    _allow(BEFORE)
