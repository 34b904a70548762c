import type { TableName } from '../../schema/table-name.ts';
import { isSameTable } from '../../schema/table-name.ts';
import { fitted } from '../edits/fitted.ts';
import { indentedCode } from '../edits/rewritten.ts';
import { text, type Writing } from './written-value.ts';

/** A piece of a function that a fix writes. */
export type Step = DirectiveCall | PlainCode;

/** A directive, to be called on `op` or inside `batch_alter_table`. */
export interface DirectiveCall {
  readonly kind: 'directive';
  readonly name: string;
  readonly table: TableName;
  /** Positional arguments before the table, and behind it. */
  readonly first: readonly string[];
  readonly rest: readonly string[];
  /** `name=value`, behind the table. */
  readonly keywords: readonly string[];
  /** The keywords that name the table and its schema, where they do not have the usual places. */
  readonly tableKeyword?: string;
  readonly schemaKeyword?: string;
  readonly isBatch: boolean;
  readonly isAutocommit: boolean;
  /** Lines that stand above it, without the sign of a comment. */
  readonly comments: readonly string[];
}

export interface PlainCode {
  readonly kind: 'code';
  /** In column 0; a line that is too long is broken. */
  readonly code: string;
  readonly isAutocommit: boolean;
  readonly comments: readonly string[];
  /** It raises, and nothing behind it would run: why. */
  readonly stops?: string;
}

/** The statements of a function, laid out for column 0; neighbors in the same block share it. */
export function statementsText(steps: readonly Step[], op: string, writing: Writing): readonly string[] {
  const statements: string[] = [];
  for (let index = 0; index < steps.length; ) {
    const step = steps[index];
    if (step === undefined) break;
    const block = steps.slice(index).findIndex((each) => !sharesBlock(each, step));
    const own = steps.slice(index, block < 0 ? undefined : index + block);
    index += own.length;
    statements.push(...blockText(own, op, writing));
  }
  return statements;
}

function sharesBlock(one: Step, other: Step): boolean {
  if (one.isAutocommit !== other.isAutocommit) return false;
  const [batch, another] = [batchOf(one), batchOf(other)];
  return batch === another || (batch !== undefined && another !== undefined && isSameTable(batch, another));
}

function batchOf(step: Step): TableName | undefined {
  return step.kind === 'directive' && step.isBatch ? step.table : undefined;
}

function blockText(steps: readonly Step[], op: string, writing: Writing): readonly string[] {
  const [first] = steps;
  const batch = first && batchOf(first);
  if (batch !== undefined) {
    const schema = batch.schema === undefined ? '' : `, schema=${text(batch.schema, writing)}`;
    return [
      withBlock(
        `with ${op}.batch_alter_table(${text(batch.name, writing)}${schema}) as batch_op:`,
        steps,
        'batch_op',
        writing,
      ),
    ];
  }
  if (first?.isAutocommit === true) {
    return [withBlock(`with ${op}.get_context().autocommit_block():`, steps, op, writing)];
  }
  return steps.map((step) => stepText(step, op, 4, writing));
}

function withBlock(head: string, steps: readonly Step[], on: string, writing: Writing): string {
  const lines = steps.map((step) => `    ${indentedCode(stepText(step, on, 8, writing), '    ')}`);
  return [head, ...lines].join('\n');
}

/** @param depth the column at which it stands */
function stepText(step: Step, on: string, depth: number, writing: Writing): string {
  const comments = step.comments.map((line) => `# ${line}\n`).join('');
  const code = step.kind === 'code' ? step.code : callText(step, on, writing);
  return (comments + fitted(code, depth)).trimEnd();
}

function callText(step: DirectiveCall, on: string, writing: Writing): string {
  const { name, table, first, rest, keywords, isBatch, tableKeyword, schemaKeyword = 'schema' } = step;
  const named = text(table.name, writing);
  const schema = table.schema === undefined ? [] : [`${schemaKeyword}=${text(table.schema, writing)}`];
  const place =
    tableKeyword === undefined
      ? { positional: [named], keyword: [] }
      : { positional: [], keyword: [`${tableKeyword}=${named}`] };
  const args = isBatch
    ? [...first, ...rest, ...keywords]
    : [...first, ...place.positional, ...rest, ...place.keyword, ...keywords, ...schema];
  return `${on}.${name}(${args.join(', ')})`;
}
