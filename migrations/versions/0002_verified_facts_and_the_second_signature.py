"""verified facts and the second signature

Revision: 0002, after 0001

Going down, a proposed decision is forgotten: its case waits for the decision again.
"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

FINAL = "'APPROVED', 'REFUSED', 'WITHDRAWN', 'LAPSED'"
BEFORE = f"status IN ('INTAKE', 'CORRECTION', 'REVIEW', 'DECISION', {FINAL})"
AFTER = f"status IN ('INTAKE', 'CORRECTION', 'REVIEW', 'DECISION', 'CONFIRMATION', {FINAL})"


def _allow(statuses: str) -> None:
    """Another list of statuses."""
    with op.batch_alter_table('case_file', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_case_file_status'), type_='check')
        batch_op.create_check_constraint(op.f('ck_case_file_status'), statuses)


def upgrade() -> None:
    _allow(AFTER)
    op.create_table('register_record',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('register', sa.String(length=30), nullable=False),
    sa.Column('subject', sa.String(length=43), nullable=False),
    sa.Column('facts', sa.LargeBinary(), nullable=False),
    sa.Column('as_of', sa.Date(), nullable=False),
    sa.Column('imported_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_register_record')),
    sa.UniqueConstraint('register', 'subject', name='uq_register_record_one_a_subject')
    )
    op.create_table('case_evaluation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('submission_number', sa.Integer(), nullable=False),
    sa.Column('statements_up_to', sa.Integer(), nullable=False),
    sa.Column('cause', sa.String(length=20), nullable=False),
    sa.Column('evaluation', sa.LargeBinary(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_case_evaluation_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_evaluation'))
    )
    with op.batch_alter_table('case_evaluation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_case_evaluation_case_id'), ['case_id'], unique=False)

    op.create_table('register_check',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('findings', sa.LargeBinary(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_register_check_by_id')),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_register_check_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_register_check'))
    )
    with op.batch_alter_table('register_check', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_register_check_case_id'), ['case_id'], unique=False)

    op.create_table('step_draft',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('officer_id', sa.Integer(), nullable=False),
    sa.Column('step', sa.String(length=20), nullable=False),
    sa.Column('typed', sa.LargeBinary(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_step_draft_case_id')),
    sa.ForeignKeyConstraint(['officer_id'], ['user_account.id'], name=op.f('fk_step_draft_officer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_step_draft')),
    sa.UniqueConstraint('case_id', 'officer_id', 'step', name='uq_step_draft_one_a_step')
    )
    op.create_table('verified_fact',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('fact', sa.String(length=80), nullable=False),
    sa.Column('value', sa.LargeBinary(), nullable=False),
    sa.Column('declared', sa.LargeBinary(), nullable=True),
    sa.Column('source', sa.String(length=30), nullable=False),
    sa.Column('as_of', sa.Date(), nullable=True),
    sa.Column('subject', sa.String(length=90), nullable=True),
    sa.Column('note', sa.LargeBinary(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_verified_fact_by_id')),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_verified_fact_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_verified_fact'))
    )
    with op.batch_alter_table('verified_fact', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_verified_fact_case_id'), ['case_id'], unique=False)



def downgrade() -> None:
    op.execute("UPDATE case_file SET status = 'DECISION' WHERE status = 'CONFIRMATION'")
    _allow(BEFORE)
    with op.batch_alter_table('verified_fact', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_verified_fact_case_id'))

    op.drop_table('verified_fact')
    op.drop_table('step_draft')
    with op.batch_alter_table('register_check', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_register_check_case_id'))

    op.drop_table('register_check')
    with op.batch_alter_table('case_evaluation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_case_evaluation_case_id'))

    op.drop_table('case_evaluation')
    op.drop_table('register_record')
