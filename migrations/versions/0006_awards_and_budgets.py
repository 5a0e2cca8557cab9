"""awards and budgets

Revision: 0006, after 0005

Cases that were approved before have no award. Going down, awards and budgets are forgotten; the decisions stay.
"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('budget_line',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('scheme_code', sa.String(length=40), nullable=False),
    sa.Column('district_id', sa.Integer(), nullable=True),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('places', sa.Integer(), nullable=True),
    sa.Column('limit_fen', sa.BigInteger(), nullable=True),
    sa.Column('reserved_places', sa.Integer(), nullable=False),
    sa.Column('committed_places', sa.Integer(), nullable=False),
    sa.Column('reserved_fen', sa.BigInteger(), nullable=False),
    sa.Column('committed_fen', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('limit_fen IS NULL OR reserved_fen + committed_fen <= limit_fen', name=op.f('ck_budget_line_yuan_within')),
    sa.CheckConstraint('places IS NULL OR reserved_places + committed_places <= places', name=op.f('ck_budget_line_places_within')),
    sa.CheckConstraint('reserved_fen >= 0 AND committed_fen >= 0', name=op.f('ck_budget_line_yuan_not_negative')),
    sa.CheckConstraint('reserved_places >= 0 AND committed_places >= 0', name=op.f('ck_budget_line_places_not_negative')),
    sa.ForeignKeyConstraint(['district_id'], ['district.id'], name=op.f('fk_budget_line_district_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_budget_line')),
    sa.UniqueConstraint('scheme_code', 'year', 'district_id', name=op.f('uq_budget_line_scheme_code_year_district_id'))
    )
    op.create_index('uq_budget_line_whole_city', 'budget_line', ['scheme_code', 'year'], unique=True, sqlite_where=sa.text('district_id IS NULL'), postgresql_where=sa.text('district_id IS NULL'))

    op.create_table('award',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ref', sa.String(length=26), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('scheme_version_id', sa.Integer(), nullable=False),
    sa.Column('scheme_code', sa.String(length=40), nullable=False),
    sa.Column('district_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('first_month', sa.String(length=7), nullable=False),
    sa.Column('months', sa.Integer(), nullable=True),
    sa.Column('total_fen', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('granted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_by_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.LargeBinary(), nullable=True),
    sa.CheckConstraint("(state = 'withdrawn') = (reason IS NOT NULL)", name=op.f('ck_award_withdrawn_has_reason')),
    sa.CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name=op.f('ck_award_withdrawn_has_date')),
    sa.CheckConstraint("state IN ('active','withdrawn')", name=op.f('ck_award_state')),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_award_case_id')),
    sa.ForeignKeyConstraint(['district_id'], ['district.id'], name=op.f('fk_award_district_id')),
    sa.ForeignKeyConstraint(['scheme_version_id'], ['scheme_version.id'], name=op.f('fk_award_scheme_version_id')),
    sa.ForeignKeyConstraint(['withdrawn_by_id'], ['user_account.id'], name=op.f('fk_award_withdrawn_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_award')),
    sa.UniqueConstraint('case_id', name=op.f('uq_award_case_id')),
    sa.UniqueConstraint('ref', name=op.f('uq_award_ref'))
    )
    op.create_index(op.f('ix_award_scheme_code'), 'award', ['scheme_code'], unique=False)

    op.create_table('budget_claim',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('line_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('places', sa.Integer(), nullable=False),
    sa.Column('fen', sa.BigInteger(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state IN ('waiting', 'reserved', 'committed', 'released')", name=op.f('ck_budget_claim_state')),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_budget_claim_case_id')),
    sa.ForeignKeyConstraint(['line_id'], ['budget_line.id'], name=op.f('fk_budget_claim_line_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_budget_claim')),
    sa.UniqueConstraint('case_id', name=op.f('uq_budget_claim_case_id'))
    )
    op.create_index('ix_budget_claim_row', 'budget_claim', ['line_id', 'state', 'since', 'id'], unique=False)

    op.create_table('award_payment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('award_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('month', sa.String(length=7), nullable=False),
    sa.Column('amount_fen', sa.BigInteger(), nullable=False),
    sa.Column('words', sa.JSON(), nullable=True),
    sa.CheckConstraint('amount_fen > 0', name=op.f('ck_award_payment_amount')),
    sa.ForeignKeyConstraint(['award_id'], ['award.id'], name=op.f('fk_award_payment_award_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_award_payment')),
    sa.UniqueConstraint('award_id', 'number', name=op.f('uq_award_payment_award_id_number'))
    )
    op.create_table('benefit_month',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('claimant', sa.String(length=43), nullable=False),
    sa.Column('exclusion', sa.String(length=100), nullable=False),
    sa.Column('month', sa.String(length=7), nullable=False),
    sa.Column('whose', sa.String(length=10), nullable=False),
    sa.Column('award_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("whose IN ('person', 'spouse', 'company', 'affiliate', 'premises')", name=op.f('ck_benefit_month_whose')),
    sa.ForeignKeyConstraint(['award_id'], ['award.id'], name=op.f('fk_benefit_month_award_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_benefit_month')),
    sa.UniqueConstraint('claimant', 'exclusion', 'month', name='uq_no_double_benefit')
    )
    op.create_index(op.f('ix_benefit_month_award_id'), 'benefit_month', ['award_id'], unique=False)



def downgrade() -> None:
    op.drop_table('benefit_month')
    op.drop_table('award_payment')
    op.drop_table('budget_claim')
    op.drop_table('award')
    op.drop_table('budget_line')
