import type { Generator } from './generator.ts';
import { assignments, callRules, calls } from './sql-grammar/calls.ts';
import { literals } from './sql-grammar/literal.ts';
import { sqlLiterals } from './sql-grammar/python-literals.ts';
import type { Repository, Rule } from './sql-grammar/rule.ts';
import { sharedSql, sqlIn } from './sql-grammar/sql.ts';
import { ruleName, suppressionComment } from './sql-grammar/suppressions.ts';

/**
 * The grammar that VS Code injects into Python: SQL in the strings that are sent to a database, and suppressions.
 *
 * It has SQL rules of its own instead of including the grammar of `.sql` files. A rule of that grammar that is waiting
 * for a closing quote does not see where Python ends the string, so one apostrophe would recolor the rest of the
 * file; and it is one for SQL Server, to which `ARRAY[1]` is a quoted name and `$$` is nothing.
 */
export const sqlGrammar: Generator = {
  name: 'the SQL grammar',
  folder: 'syntaxes',
  async generate() {
    const grammar = {
      name: 'SQL in Python',
      scopeName: 'stepwise.sql.injection',
      injectionSelector: 'L:source.python -comment -string -meta.fstring',
      patterns: [suppressionComment, ...calls, ...assignments],
      repository: repository(),
    };
    return [{ path: 'syntaxes/stepwise-sql.tmLanguage.json', text: JSON.stringify(grammar) }];
  },
};

function repository(): Record<string, Rule> {
  const parts: readonly Repository[] = [callRules, sqlLiterals, sharedSql, ...literals.map(sqlIn), ruleName];
  return Object.assign({}, ...parts);
}
