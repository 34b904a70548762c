import type { OtherStatement } from '../../schema/sql-change.ts';
import { statementSpan, wordAt } from '../words.ts';
import type { Step } from './step.ts';

/** Verbs that say enough without the word behind them. */
const alone = new Set([
  'SELECT',
  'WITH',
  'VALUES',
  'TABLE',
  'SET',
  'RESET',
  'SHOW',
  'GRANT',
  'REVOKE',
  'EXPLAIN',
  'DO',
  'CALL',
]);

/** Words between a verb and what it is about. */
const modifiers = new Set(['OR', 'REPLACE', 'TEMP', 'TEMPORARY', 'UNLOGGED', 'IF', 'NOT', 'EXISTS']);

/** A statement that does nothing to a table, or nothing that has a change of its own. */
export function otherStatement(step: Step): OtherStatement {
  const statement = statementName(step);
  return { ...step.facts(statement, statementSpan(step)), kind: 'OtherStatement', statement };
}

/** `CREATE FUNCTION`, `GRANT`. */
export function statementName(step: Step): string {
  const verb = wordAt(step, 0);
  let next = 1;
  while (modifiers.has(wordAt(step, next))) next++;
  return alone.has(verb) || wordAt(step, next) === '' ? verb : `${verb} ${wordAt(step, next)}`;
}
