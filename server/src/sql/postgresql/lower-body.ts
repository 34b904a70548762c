import type { Span } from '../../base/span.ts';
import { shiftSpan } from '../../base/span.ts';
import { applyOnce } from '../../schema/apply-once.ts';
import type { Change, ChangeBase } from '../../schema/change.ts';
import { splitSql } from '../split.ts';
import { standInsIn } from '../stand-in.ts';
import { outerSpan, type StringContent } from '../string-content.ts';
import { shiftToken, tokensOf } from '../token.ts';
import { statementSpan } from '../words.ts';
import { dynamicSql } from './dynamic-sql.ts';
import { lowerRead } from './lower-read.ts';
import { allOf, asKind } from './node.ts';
import { parseStatement } from './parse-statement.ts';
import type { BodyStatement } from './plpgsql.ts';
import { transactionChange } from './settings.ts';
import { after, type Step } from './step.ts';

/** What the statements of a PL/pgSQL body do when it runs; queries are passed over. */
export function lowerBody(statements: readonly BodyStatement[], content: StringContent, step: Step): readonly Change[] {
  const changes: Change[] = [];
  let before = step.before;
  for (const statement of statements) {
    for (const change of lowerStatement(statement, content, after(step, before))) {
      if (change.kind === 'OtherStatement') continue;
      changes.push(change);
      before = applyOnce(before, change, step.migration);
    }
  }
  return changes;
}

function lowerStatement(statement: BodyStatement, content: StringContent, outer: Step): readonly Change[] {
  const { kind, text, start } = statement;
  const inner = nested(outer, statement, (part) =>
    start === undefined ? statementSpan(outer) : outerSpan(content, shiftSpan(part, start)),
  );
  if (kind === 'commit' || kind === 'rollback') return [transactionChange(kind, inner)];
  if (kind === 'sql') return lowerText(inner);
  const executed = executedSql(text, outer);
  if (executed === undefined) {
    const reason = 'it runs SQL that is put together when it runs';
    return [{ ...inner.facts('EXECUTE', statementSpan(inner)), kind: 'Opaque', reason }];
  }
  const whole = inner.facts('EXECUTE', statementSpan(inner));
  return lowerText({
    ...nested(outer, { ...statement, text: executed }, () => statementSpan(outer)),
    facts: (name) => named(whole, name),
  });
}

function named(facts: ChangeBase, name: string): ChangeBase {
  return { ...facts, origin: { ...facts.origin, name } };
}

/** The statement that the expression of an `EXECUTE` makes. */
function executedSql(expression: string, { parser }: Step): string | undefined {
  const text = `SELECT ${expression}`;
  const parsed = parser.parse({ text, tokens: tokensOf(text, 'postgresql') });
  if (parsed.kind !== 'tree') return undefined;
  return dynamicSql(allOf(asKind(parsed.node, 'SelectStmt')?.targetList, 'ResTarget')[0]?.val);
}

/** A body has single statements, an executed text may have several. */
function lowerText(inner: Step): readonly Change[] {
  const changes: Change[] = [];
  let { before } = inner;
  for (const { statement, tokens } of splitSql(inner.text, 'postgresql')) {
    if (tokens.length === 0) continue;
    const text = inner.text.slice(statement.start, statement.end);
    const shifted = tokens.map((token) => shiftToken(token, -statement.start));
    const standIns = standInsIn(text).map((span) => ({ ...span, kind: 'hole' as const }));
    const read = parseStatement(inner.parser, { text, tokens: shifted }, standIns);
    const facts: Step['facts'] = (name, at) => inner.facts(name, shiftSpan(at, statement.start));
    for (const change of lowerRead(read, { ...inner, text: read.text, tokens: read.tokens, before, facts })) {
      changes.push(change);
      before = applyOnce(before, change, inner.migration);
    }
  }
  return changes;
}

/**
 * The step for a statement inside another one.
 *
 * @param place where a part of its text stands in the text of the outer one
 */
function nested(outer: Step, statement: BodyStatement, place: (part: Span) => Span): Step {
  const { text, conditional, inLoop, guarded } = statement;
  return {
    ...outer,
    text,
    tokens: tokensOf(text, 'postgresql').filter(({ kind }) => kind !== 'comment'),
    inBody: { inLoop, guarded },
    facts(name, at) {
      const facts = outer.facts(name, place(at));
      return {
        ...facts,
        certainty: conditional ? 'conditional' : facts.certainty,
        ...(guarded ? { guarded } : {}),
        origin: innerOrigin(facts.origin, text, place),
      };
    },
  };
}

function innerOrigin(origin: ChangeBase['origin'], text: string, place: (part: Span) => Span): ChangeBase['origin'] {
  const { sql, span } = origin;
  if (sql === undefined) return origin;
  return {
    ...origin,
    span: sql.placeOf(place({ start: 0, end: text.length })) ?? span,
    sql: {
      ...sql,
      text,
      inBody: true,
      placeOf: (part) => sql.placeOf(place(part)),
      isEditable: (part) => sql.isEditable(place(part)),
    },
  };
}
