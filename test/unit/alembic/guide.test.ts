import assert from 'node:assert/strict';
import { rules } from '../../../server/src/rules/registry.ts';
import { openTexts } from '../../support/rule-examples.ts';
import { revisionText } from './check-revision.ts';

const accounts = revisionText(
  'aaaa',
  undefined,
  `
op.create_table(
    "accounts",
    sa.Column("id", sa.BigInteger(), primary_key=True),
    sa.Column("handle", sa.String(), nullable=True),
    sa.Column("state", postgresql.ENUM("open", "closed", name="account_state"), nullable=True),
)
`,
  'op.drop_table("accounts")\nop.execute("DROP TYPE account_state")',
);

interface Example {
  readonly title: string;
  readonly upgrade: string;
  readonly downgrade: string;
  /** Statements of the module. */
  readonly module?: string;
  /** What is told about it, with its level. */
  readonly told: readonly string[];
}

const guarded = 'if os.environ.get("ALLOW_DESTRUCTIVE_MIGRATIONS") != "yes":\n    raise RuntimeError("not here")\n';
const back = `
op.create_table(
    "accounts",
    sa.Column("id", sa.BigInteger(), primary_key=True),
    sa.Column("handle", sa.String(), nullable=True),
    sa.Column("state", postgresql.ENUM("open", "closed", name="account_state", create_type=False), nullable=True),
)
`;

/** What guides to good revisions show as bad and as good, and how bad it is. */
const examples: readonly Example[] = [
  { title: 'a table is dropped', upgrade: 'op.drop_table("accounts")', downgrade: back, told: ['critical drop-table'] },
  {
    title: 'a column is renamed rather than dropped and added',
    upgrade: 'op.alter_column("accounts", "handle", new_column_name="nickname")',
    downgrade: 'op.alter_column("accounts", "nickname", new_column_name="handle")',
    told: ['medium rename-column'],
  },
  {
    title: 'a column is dropped and added under another name',
    upgrade: 'op.drop_column("accounts", "handle")\nop.add_column("accounts", sa.Column("handle_name", sa.String()))',
    downgrade: 'op.drop_column("accounts", "handle_name")\nop.add_column("accounts", sa.Column("handle", sa.String()))',
    told: ['critical drop-and-recreate-column'],
  },
  {
    title: 'values move to a new column, and the old one stays',
    upgrade: `
op.add_column("accounts", sa.Column("nickname", sa.String(), nullable=True))
op.get_bind().execute(sa.text("UPDATE accounts SET nickname = handle WHERE handle IS NOT NULL"))
`,
    downgrade: 'op.drop_column("accounts", "nickname")',
    told: [],
  },
  {
    title: 'it refuses to run in production',
    upgrade: `
environment = os.getenv("ENVIRONMENT", "development")

if environment == "production":
    raise Exception("To be looked at before it runs in production")

op.drop_table("accounts")
`,
    downgrade: back,
    module: 'import os',
    told: [],
  },
  {
    title: 'everything begins anew where a flag allows it',
    upgrade: `${guarded}op.drop_table("accounts")\n${back}`,
    downgrade: 'op.drop_table("accounts")',
    module: 'import os',
    told: [],
  },
  {
    title: 'everything begins anew, unasked',
    upgrade: `op.drop_table("accounts")\n${back}`,
    downgrade: 'op.drop_table("accounts")',
    told: ['critical drop-and-recreate-table'],
  },
  {
    title: 'a nullable column is added',
    upgrade: 'op.add_column("accounts", sa.Column("phone", sa.String(), nullable=True))',
    downgrade: 'op.drop_column("accounts", "phone")',
    told: [],
  },
  {
    title: 'a value is added to an enum',
    upgrade: `op.execute("ALTER TYPE account_state ADD VALUE 'suspended'")`,
    downgrade: '# A value cannot be taken away.\npass',
    told: [],
  },
  {
    title: 'an index is built',
    upgrade: 'op.create_index("ix_accounts_handle", "accounts", ["handle"])',
    downgrade: 'op.drop_index("ix_accounts_handle")',
    told: ['high blocking-index'],
  },
];

describe('what guides to revisions say', () => {
  for (const { title, upgrade, downgrade, module = '', told } of examples) {
    it(title, async () => {
      const text = revisionText('bbbb', 'aaaa', upgrade, downgrade);
      const texts = new Map([
        ['alembic/versions/aaaa_accounts.py', accounts],
        ['alembic/versions/bbbb_next.py', text.replace('from alembic import', `${module}\nfrom alembic import`)],
        ['pyproject.toml', '[tool.stepwise]\n[tool.stepwise.rules]\nmissing-lock-timeout = "off"\n'],
      ]);
      const checked = await openTexts(texts, rules);
      const findings = checked.check('alembic/versions/bbbb_next.py');
      assert.deepEqual(findings.map(({ level, rule }) => `${level} ${rule.name}`).sort(), told);
    });
  }
});
