"""The workbench of scheme managers: their role, drafts, simulations, and who published and ended a version.

Revision: 0004, after 0003
"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


ROLES_BEFORE = "role IN ('intake_officer', 'reviewer', 'approver', 'auditor')"
ROLES = "role IN ('intake_officer', 'reviewer', 'approver', 'auditor', 'scheme_manager')"


def _allow_roles(condition: str) -> None:
    with op.batch_alter_table('role_grant') as table:
        table.drop_constraint(op.f('ck_role_grant_role'), type_='check')
        table.create_check_constraint(op.f('ck_role_grant_role'), condition)


def upgrade() -> None:
    _allow_roles(ROLES)
    op.create_table('scheme_draft',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('scheme_code', sa.String(length=40), nullable=False),
    sa.Column('base_version_id', sa.Integer(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('returned_reason', sa.Text(), nullable=False),
    sa.Column('published_by_id', sa.Integer(), nullable=True),
    sa.Column('published_version_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'published') = (published_by_id IS NOT NULL)", name=op.f('ck_scheme_draft_published_by')),
    sa.CheckConstraint("(state = 'published') = (published_version_id IS NOT NULL)", name=op.f('ck_scheme_draft_published_version')),
    sa.CheckConstraint("state IN ('editing', 'proposed', 'published', 'discarded')", name=op.f('ck_scheme_draft_state')),
    sa.CheckConstraint("state NOT IN ('proposed','published') OR proposed_at IS NOT NULL", name=op.f('ck_scheme_draft_proposed')),
    sa.CheckConstraint('published_by_id IS NULL OR published_by_id <> author_id', name=op.f('ck_scheme_draft_two_people')),
    sa.ForeignKeyConstraint(['author_id'], ['user_account.id'], name=op.f('fk_scheme_draft_author_id')),
    sa.ForeignKeyConstraint(['base_version_id'], ['scheme_version.id'], name=op.f('fk_scheme_draft_base_version_id')),
    sa.ForeignKeyConstraint(['published_by_id'], ['user_account.id'], name=op.f('fk_scheme_draft_published_by_id')),
    sa.ForeignKeyConstraint(['published_version_id'], ['scheme_version.id'], name=op.f('fk_scheme_draft_published_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_scheme_draft'))
    )
    op.create_index('ix_scheme_draft_scheme_code', 'scheme_draft', ['scheme_code'])
    op.create_table('scheme_publication',
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('drafted_by_id', sa.Integer(), nullable=False),
    sa.Column('published_by_id', sa.Integer(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.CheckConstraint('drafted_by_id <> published_by_id', name=op.f('ck_scheme_publication_two_people')),
    sa.ForeignKeyConstraint(['drafted_by_id'], ['user_account.id'], name=op.f('fk_scheme_publication_drafted_by_id')),
    sa.ForeignKeyConstraint(['published_by_id'], ['user_account.id'], name=op.f('fk_scheme_publication_published_by_id')),
    sa.ForeignKeyConstraint(['version_id'], ['scheme_version.id'], name=op.f('fk_scheme_publication_version_id')),
    sa.PrimaryKeyConstraint('version_id', name=op.f('pk_scheme_publication'))
    )
    op.create_table('scheme_withdrawal',
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('from_day', sa.Date(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_scheme_withdrawal_by_id')),
    sa.ForeignKeyConstraint(['version_id'], ['scheme_version.id'], name=op.f('fk_scheme_withdrawal_version_id')),
    sa.PrimaryKeyConstraint('version_id', name=op.f('pk_scheme_withdrawal'))
    )
    op.create_table('draft_paper',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('draft_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('source_hash', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('error', sa.Text(), nullable=False),
    sa.Column('file_sha256', sa.String(length=64), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(state = 'done') = (file_sha256 IS NOT NULL)", name=op.f('ck_draft_paper_file')),
    sa.CheckConstraint("state IN ('waiting','done','failed')", name=op.f('ck_draft_paper_state')),
    sa.ForeignKeyConstraint(['draft_id'], ['scheme_draft.id'], name=op.f('fk_draft_paper_draft_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draft_paper')),
    sa.UniqueConstraint('draft_id', 'kind', 'source_hash', name=op.f('uq_draft_paper_draft_id_kind_source_hash'))
    )
    op.create_table('simulation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('draft_id', sa.Integer(), nullable=False),
    sa.Column('base_version_id', sa.Integer(), nullable=False),
    sa.Column('definition_json', sa.Text(), nullable=False),
    sa.Column('source_hash', sa.String(length=64), nullable=False),
    sa.Column('districts', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('started_by_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('result', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('file_sha256', sa.String(length=64), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'cancelled')", name=op.f('ck_simulation_state')),
    sa.ForeignKeyConstraint(['base_version_id'], ['scheme_version.id'], name=op.f('fk_simulation_base_version_id')),
    sa.ForeignKeyConstraint(['draft_id'], ['scheme_draft.id'], name=op.f('fk_simulation_draft_id')),
    sa.ForeignKeyConstraint(['started_by_id'], ['user_account.id'], name=op.f('fk_simulation_started_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_simulation'))
    )
    op.create_index('ix_simulation_draft_id', 'simulation', ['draft_id'])
    op.create_table('simulation_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('simulation_id', sa.Integer(), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('district_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('answer_before', sa.String(length=12), nullable=False),
    sa.Column('answer_after', sa.String(length=12), nullable=False),
    sa.Column('yuan_before', sa.Numeric(precision=14, scale=2), nullable=False),
    sa.Column('yuan_after', sa.Numeric(precision=14, scale=2), nullable=False),
    sa.Column('on_day', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], ondelete='CASCADE', name=op.f('fk_simulation_change_application_id')),
    sa.ForeignKeyConstraint(['district_id'], ['district.id'], name=op.f('fk_simulation_change_district_id')),
    sa.ForeignKeyConstraint(['simulation_id'], ['simulation.id'], name=op.f('fk_simulation_change_simulation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_simulation_change')),
    sa.UniqueConstraint('simulation_id', 'application_id', name=op.f('uq_simulation_change_simulation_id_application_id'))
    )
    op.create_index('ix_simulation_change_kind', 'simulation_change', ['simulation_id', 'kind', 'application_id'])
    op.create_table('simulation_chunk',
    sa.Column('simulation_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('after_id', sa.Integer(), nullable=False),
    sa.Column('up_to_id', sa.Integer(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('tally', sa.JSON(none_as_null=True), nullable=True),
    sa.ForeignKeyConstraint(['simulation_id'], ['simulation.id'], name=op.f('fk_simulation_chunk_simulation_id')),
    sa.PrimaryKeyConstraint('simulation_id', 'number', name=op.f('pk_simulation_chunk'))
    )


def downgrade() -> None:
    op.execute("DELETE FROM role_grant WHERE role = 'scheme_manager'")
    _allow_roles(ROLES_BEFORE)
    op.drop_table('simulation_chunk')
    op.drop_index('ix_simulation_change_kind', 'simulation_change')
    op.drop_table('simulation_change')
    op.drop_index('ix_simulation_draft_id', 'simulation')
    op.drop_table('simulation')
    op.drop_table('draft_paper')
    op.drop_table('scheme_withdrawal')
    op.drop_table('scheme_publication')
    op.drop_index('ix_scheme_draft_scheme_code', 'scheme_draft')
    op.drop_table('scheme_draft')
