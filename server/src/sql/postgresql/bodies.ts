import type { CreateFunctionStmt, DefElem, DoStmt } from 'libpg-query';
import type { Span } from '../../base/span.ts';
import type { Change } from '../../schema/change.ts';
import type { InvalidSql } from '../../schema/sql-change.ts';
import { splitSql } from '../split.ts';
import { contentOf, outerSpan, type StringContent } from '../string-content.ts';
import { indexAt, statementSpan } from '../words.ts';
import { lowerBody } from './lower-body.ts';
import { allOf, asKind } from './node.ts';
import { otherStatement, statementName } from './other-statement.ts';
import type { SyntaxProblem } from './parser.ts';
import { bodyProblemSpan } from './problem-span.ts';
import type { Step } from './step.ts';

/** `DO $$ … $$`: what the statements in its body do. */
export function runBody(node: DoStmt, step: Step): readonly Change[] {
  const written = optionOf(allOf(node.args, 'DefElem'), 'as');
  const content = written && contentAt(indexAt(step, step.offsetOf(written.location)), step);
  if (content === undefined) return [otherStatement(step)];
  const body = step.parser.parseBody(step, content.text);
  switch (body.kind) {
    case 'problem':
      return [invalidBody(body, content, step)];
    case 'unreadable':
      return [{ ...step.facts('DO', statementSpan(step)), kind: 'Opaque', reason: body.reason }];
    case 'body': {
      const changes = lowerBody(body.statements, content, step);
      return changes.length > 0 ? changes : [otherStatement(step)];
    }
  }
}

/** A function does nothing by being created; what is wrong with its body shows nevertheless. */
export function createFunction(node: CreateFunctionStmt, step: Step): Change {
  const options = allOf(node.options, 'DefElem');
  const language = asKind(optionOf(options, 'language')?.arg, 'String')?.sval?.toLowerCase();
  const written = optionOf(options, 'as');
  // The place is that of the word AS.
  const content = written && contentAt(indexAt(step, step.offsetOf(written.location)) + 1, step);
  const problem = content && problemIn(language, content, step);
  if (problem !== undefined) return problem;
  const columns = language === 'plpgsql' && content !== undefined ? filledColumns(content.text) : [];
  const name = allOf(node.funcname, 'String').at(-1)?.sval;
  const fills = columns.length > 0 && name !== undefined ? { fills: { function: name, columns } } : {};
  return { ...otherStatement(step), ...fills };
}

/** The columns in `NEW.column := …`, as a statement of PL/pgSQL. */
function filledColumns(body: string): readonly string[] {
  const filled = body.matchAll(/(?:^|;|\b(?:begin|then|else|loop)\b)\s*new\s*\.\s*(?:"([^"]+)"|(\w+))\s*:?=/gi);
  return Array.from(filled, ([, quoted, plain = '']) => quoted ?? plain.toLowerCase());
}

function optionOf(options: readonly DefElem[], name: string): DefElem | undefined {
  return options.find(({ defname }) => defname === name);
}

function contentAt(index: number, step: Step): StringContent | undefined {
  const token = step.tokens[index];
  return token?.kind === 'dollar' || token?.kind === 'string' ? contentOf(step.text, token) : undefined;
}

function problemIn(language: string | undefined, content: StringContent, step: Step): Change | undefined {
  if (language === 'plpgsql') {
    const body = step.parser.parseBody(step, content.text);
    return body.kind === 'problem' ? invalidBody(body, content, step) : undefined;
  }
  if (language !== 'sql') return undefined;
  for (const { statement, tokens } of splitSql(content.text, 'postgresql')) {
    if (tokens.length === 0) continue;
    const text = content.text.slice(statement.start, statement.end);
    const parsed = step.parser.parse({ text, tokens });
    if (parsed.kind !== 'problem') continue;
    const offset = statement.start + (parsed.offset ?? 0);
    const token = tokens.find(({ end }) => offset < end) ?? tokens.at(-1);
    return invalid(parsed, outerSpan(content, token ?? statement), step);
  }
  return undefined;
}

function invalidBody(problem: SyntaxProblem, content: StringContent, step: Step): InvalidSql {
  const at = bodyProblemSpan(problem, content, step);
  return invalid(problem, at === undefined ? statementSpan(step) : outerSpan(content, at), step);
}

function invalid({ message }: SyntaxProblem, at: Span, step: Step): InvalidSql {
  return { ...step.facts(statementName(step), at), kind: 'InvalidSql', message };
}
