import assert from 'node:assert/strict';
import type { Finding } from '../../../server/src/engine/finding.ts';
import { rules } from '../../../server/src/rules/registry.ts';
import { openTexts } from '../../support/rule-examples.ts';
import { printChange } from '../django/print-change.ts';

const head = `
from alembic import context, op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

`;

/** A revision with its bodies, in column 0. */
export function revisionText(id: string, down: string | undefined, upgrade: string, downgrade = 'pass'): string {
  const indented = (body: string): string => body.trim().replaceAll(/^(?=.)/gm, '    ');
  const parent = down === undefined ? 'None' : `"${down}"`;
  return `"""Revision ${id}"""${head}revision = "${id}"
down_revision = ${parent}


def upgrade():
${indented(upgrade)}


def downgrade():
${indented(downgrade)}
`;
}

const first = revisionText(
  'aaaa',
  undefined,
  `
op.create_table(
    "users",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("name", sa.String(40), nullable=False),
    sa.Column("note", sa.Text()),
)
`,
);

interface Given {
  readonly upgrade: string;
  /** Statements of the module. */
  readonly module?: string;
  /** Of `[tool.stepwise]`. */
  readonly settings?: string;
}

/** Text in, changes out: what the second revision does to the table \`users\` of the first, one change a line. */
export async function checkUpgrade({ upgrade, module = '', settings = '' }: Given, expected: string): Promise<void> {
  const text = revisionText('bbbb', 'aaaa', upgrade).replace('revision = "bbbb"', `${module}\nrevision = "bbbb"`);
  const texts = new Map([
    ['alembic/versions/aaaa_users.py', first],
    ['alembic/versions/bbbb_now.py', text],
    ['pyproject.toml', `[tool.stepwise]\n${settings}\n`],
  ]);
  const { workspace } = await openTexts(texts, rules);
  const judged = workspace.projectOf('alembic/versions/bbbb_now.py').migration('bbbb');
  assert.ok(judged, 'the text holds no revision');
  const printed = judged.migration.forward.map((change) => printChange(change, text)).join('\n');
  assert.equal(outdented(printed).replaceAll(' [reverse written]', ''), outdented(expected));
}

function outdented(text: string): string {
  return text.replaceAll(/^\s+/gm, '').trim();
}

/** The findings of all rules in all files, `file rule: message`, in file order. */
export async function findingsIn(texts: ReadonlyMap<string, string>): Promise<readonly string[]> {
  const checked = await openTexts(texts, rules);
  const shown = ({ file, rule, message }: Finding): string => `${file} ${rule.name}: ${message}`;
  return checked
    .migrationFiles()
    .flatMap((file) => checked.check(file).map(shown))
    .sort();
}
