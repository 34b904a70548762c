import type { FilePath } from '../base/file-path.ts';
import { containsSpan, type Span } from '../base/span.ts';
import type { DjangoOperation } from '../django/migration-file.ts';
import type { Project } from '../project/project.ts';
import type { Change, Origin, SqlOrigin } from '../schema/change.ts';
import type { Migration } from '../schema/migration.ts';
import type { Value } from '../syntax/value.ts';

/** An operation of a migration or a statement of its SQL, with what it holds. */
export interface OutlineItem {
  /** `AddField order.note`, `CREATE INDEX CONCURRENTLY order_note ON shop_order (note)` */
  readonly name: string;
  readonly kind: 'operation' | 'statement';
  /** All of it; spans of items inside are within. */
  readonly span: Span;
  /** What to show when it is chosen, within the span. */
  readonly selection: Span;
  readonly items: readonly OutlineItem[];
}

/** The operations and SQL statements that are written in a file, in order; none for a file that holds no migration. */
export function outlineOf(project: Project, file: FilePath): readonly OutlineItem[] {
  const judged = project.migrationAt(file);
  const source = judged && project.source(judged.migration.id);
  if (judged === undefined) return [];
  const statements = statementsOf(judged.migration);
  if (source === undefined) return withCalls(judged.migration, statements);
  const operations = source.operations.flatMap((operation) => itemOf(operation, statements));
  // SQL of a constant or a data function stands outside of the operations.
  const isHeld = ({ span }: OutlineItem) => operations.some((each) => containsSpan(each.span, span));
  return [...operations, ...statements.filter((each) => !isHeld(each))].sort(bySpan);
}

/** The calls that a revision makes, each once, with the statements that it sends. */
function withCalls({ forward }: Migration, statements: readonly OutlineItem[]): readonly OutlineItem[] {
  const calls = new Map<string, OutlineItem>();
  for (const change of forward) {
    const { origin, at } = change;
    if (origin.kind !== 'alembic-call' || !containsSpan(origin.span, at)) continue;
    const items = statements.filter(({ span }) => containsSpan(origin.span, span));
    const name = titleOfCall(change);
    const key = `${origin.span.start} ${origin.span.end}`;
    if (!calls.has(key)) calls.set(key, { name, kind: 'operation', span: origin.span, selection: at, items });
  }
  const all = [...calls.values()];
  const isHeld = ({ span }: OutlineItem) => all.some((each) => containsSpan(each.span, span));
  return [...all, ...statements.filter((each) => !isHeld(each))].sort(bySpan);
}

/** `create_table orders`: the call that makes a change, with what it is about. */
export function titleOfCall(change: Change): string {
  return [change.origin.name, tableOf(change)].filter((word) => word !== '').join(' ');
}

function tableOf(change: Change): string {
  return 'table' in change && change.table !== undefined ? change.table.name : '';
}

function itemOf(operation: DjangoOperation, statements: readonly OutlineItem[]): readonly OutlineItem[] {
  const { call, databaseOperations, stateOperations } = operation;
  if (call === undefined) return [];
  const inner = [...databaseOperations, ...stateOperations].flatMap((each) => itemOf(each, statements));
  const own = statements.filter(
    ({ span }) => containsSpan(call.span, span) && !inner.some((each) => containsSpan(each.span, span)),
  );
  return [
    {
      name: titleOf(operation),
      kind: 'operation',
      span: call.span,
      selection: call.callee.span,
      items: [...inner, ...own].sort(bySpan),
    },
  ];
}

/** `AddField order.note` */
export function titleOf(operation: DjangoOperation): string {
  return [operation.name, subjectOf(operation)].filter((word) => word !== '').join(' ');
}

/** What the operation is about: `order.note`. */
function subjectOf({ arguments: given }: DjangoOperation): string {
  const model = nameIn(given.get('model_name'));
  const name = nameIn(given.get('name') ?? given.get('old_name') ?? given.get('index') ?? given.get('constraint'));
  const to = nameIn(given.get('new_name'));
  const subject = [model, name].filter((word) => word !== '').join('.') || nameIn(given.get('code'));
  return to === '' ? subject : `${subject} → ${to}`;
}

/** A text itself; the name of an index, a constraint or a function. */
function nameIn(value: Value | undefined): string {
  if (value?.kind === 'string') return value.value;
  if (value?.kind === 'call') return nameIn(value.keywords.get('name'));
  return value?.kind === 'function' && value.definition.kind === 'function' ? value.definition.name : '';
}

/** One item for each statement, however many changes it makes. */
function statementsOf({ forward }: Migration): readonly OutlineItem[] {
  const items = new Map<string, OutlineItem>();
  for (const { origin, at } of forward) {
    if (origin.sql === undefined || !containsSpan(origin.span, at)) continue;
    const key = `${origin.span.start} ${origin.span.end}`;
    if (!items.has(key)) items.set(key, statementItem(origin));
  }
  return [...items.values()];
}

const longestName = 80;

function statementItem({ span, sql, name }: Origin): OutlineItem {
  return { name: sql === undefined ? name : shortened(sql), kind: 'statement', span, selection: span, items: [] };
}

/** The statement on one line, without its end where it is long. */
export function shortened({ text }: SqlOrigin): string {
  const words = text.replaceAll(/\s+/g, ' ');
  return words.length > longestName ? `${words.slice(0, longestName - 1).trimEnd()}…` : words;
}

function bySpan(one: OutlineItem, other: OutlineItem): number {
  return one.span.start - other.span.start || other.span.end - one.span.end;
}
