import type { CommandName } from './command-line.ts';

const general = `stepwise checks Django database migrations and rewrites unsafe steps into safe ones.

Usage: stepwise COMMAND [options]

  check [paths…]   report what is dangerous
  fix [paths…]     rewrite it
  sql paths…       show the SQL that migrations become
  owed [paths…]    list what was left for a later release
  explain RULE     say what a rule is about
  rules            list the rules
  lsp --stdio      serve an editor

  -h, --help       this text, or with a command its own
  -v, --version    the version

Without [paths…], the working directory is meant.
`;

const topics: Readonly<Record<CommandName, string>> = {
  check: `Usage: stepwise check [paths…] [options]

Reports what migrations will do to a live database. Whole projects are read; only what lies at the paths is reported.

  --format text|json   for people or for programs
  --fail-on LEVEL      exit with 1 for findings of this level or worse: critical, high (default), medium or low
  --strict             the same as --fail-on medium
  --all                also show findings of the level low, which are only counted otherwise

Findings go to standard output, everything else to standard error.
Exit codes: 0 nothing at or above the level; 1 findings; 2 something could not be read or understood.
`,
  fix: `Usage: stepwise fix [paths…] [options]

Applies fixes until none is left, and shows the changes as a patch. Without further options only safe fixes are taken:
those that lead to the same schema and the same data.

  --rule RULE      only fixes of this rule; may be given several times
  --fix TITLE      the fix whose title contains these words, also a step that was left for a later release
  --review         also fixes that want a look before they are committed
  --diff           show the changes (default)
  --write          make the changes

Exit codes: 0 done; 2 something could not be read, written or understood.
`,
  sql: `Usage: stepwise sql paths…

Shows the SQL that the migrations at the paths send to PostgreSQL, in the order in which they run. No Python and no
database are needed: what only running the migration would tell is said in a comment.

Exit codes: 0 done; 2 something could not be read or understood.
`,
  owed: `Usage: stepwise owed [paths…] [options]

Lists the steps that earlier migrations have left for a later release and that no migration has taken yet: columns and
tables that have left the state and are still in the database, constraints that are not validated, checks that have done
their work. Where the step can be written, stepwise fix --fix TITLE writes it.

  --format text|json   for people or for programs

Exit codes: 0 whatever is owed; 2 something could not be read or understood.
`,
  explain: `Usage: stepwise explain RULE

Says what a rule reports, why it hurts, what to do, and when it is fine, with examples.
`,
  rules: `Usage: stepwise rules

Lists the rules with their levels.
`,
  lsp: `Usage: stepwise lsp --stdio

Serves an editor by the Language Server Protocol over standard input and output.
`,
};

export function helpText(topic: CommandName | undefined): string {
  return topic === undefined ? general : topics[topic];
}
