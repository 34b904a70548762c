import type { DjangoMigration } from '../../django/migration-file.ts';
import type { RunCode, WriteRows } from '../../schema/change.ts';
import type { CallExpression, Statement } from '../../syntax/module.ts';
import { textAt } from '../data-function-site.ts';
import { unusedName } from '../edits/migration-class.ts';
import { rewritten } from '../edits/rewritten.ts';
import { inverseOf } from './inverse-call.ts';

export interface ReverseFunction {
  readonly name: string;
  /** The whole function, from column 0. */
  readonly text: string;
}

/**
 * The function that takes back what a data function did, where each of its writes has an opposite: what it created by
 * known values is deleted, a constant that replaced another is replaced by it. Undefined for anything else.
 *
 * It is made from the function itself: what is assigned stays, writes become their opposites, in reverse order.
 */
export function reverseFunction(
  change: RunCode,
  writes: readonly WriteRows[],
  source: DjangoMigration,
): ReverseFunction | undefined {
  const definition = change.function;
  if (!change.understood || writes.length === 0 || change.file !== source.file) return undefined;
  if (definition?.kind !== 'function' || !source.module.body.includes(definition)) return undefined;
  const calls = new Map(writes.map(({ code }) => [code?.call, code?.functions.length]));
  if ([...calls].some(([call, depth]) => call === undefined || depth !== 1)) return undefined;
  const inverses = new Map<CallExpression, string>();
  for (const { code } of writes) {
    const inverse = code && inverseOf(code.call, source.text);
    if (code === undefined || inverse === undefined) return undefined;
    inverses.set(code.call, inverse);
  }
  const lines = reversedBody(definition.body, { source, inverses, indentation: '    ' });
  if (lines === undefined) return undefined;
  const name = unusedName(source, `reverse_${definition.name}`);
  const parameters = definition.parameters.map(({ span }) => textAt(source, span)).join(', ');
  return { name, text: [`def ${name}(${parameters}):`, ...lines].join('\n') };
}

interface Reversing {
  readonly source: DjangoMigration;
  readonly inverses: ReadonlyMap<CallExpression, string>;
  readonly indentation: string;
}

/** Assignments first, as they stand; then the opposites of the writes, the last one first. */
function reversedBody(body: readonly Statement[], reversing: Reversing): readonly string[] | undefined {
  const kept: string[] = [];
  const undone: string[][] = [];
  for (const [index, statement] of body.entries()) {
    if (isDocstring(statement) && index === 0) continue;
    if (statement.kind === 'assign') {
      kept.push(...linesOf(statement, reversing));
      continue;
    }
    const lines = undoneLines(statement, reversing);
    if (lines === undefined) return undefined;
    undone.unshift([...lines]);
  }
  return [...kept, ...undone.flat()];
}

function undoneLines(statement: Statement, reversing: Reversing): readonly string[] | undefined {
  const { source, inverses, indentation } = reversing;
  if (statement.kind === 'expression' && statement.value.kind === 'call') {
    const inverse = inverses.get(statement.value);
    return inverse === undefined ? undefined : [`${indentation}${inverse}`];
  }
  if (statement.kind !== 'for' || statement.orElse.length > 0) return undefined;
  if (statement.iterable.kind !== 'list' && statement.iterable.kind !== 'tuple' && statement.iterable.kind !== 'name')
    return undefined;
  const head = `${indentation}for ${textAt(source, statement.target.span)} in ${textAt(source, statement.iterable.span)}:`;
  const body = reversedBody(statement.body, { ...reversing, indentation: `${indentation}    ` });
  return body && [head, ...body];
}

function linesOf(statement: Statement, { source, indentation }: Reversing): readonly string[] {
  return rewritten(source.text, statement.span, [])
    .split('\n')
    .map((line) => (line === '' ? line : indentation + line));
}

function isDocstring(statement: Statement): boolean {
  return statement.kind === 'expression' && statement.value.kind === 'string';
}
