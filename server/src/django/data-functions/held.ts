import type { TableName } from '../../schema/table-name.ts';
import type { ClassStatement, Expression, FunctionStatement, LambdaExpression } from '../../syntax/module.ts';
import type { CallValue, Value } from '../../syntax/value.ts';
import type { SourceModule } from '../data-function-context.ts';
import type { NameScope } from './name-scope.ts';
import type { Verdict } from './verdict.ts';

/** What a name or expression of a data function holds, as far as it matters for the rows that are written. */
export type Held =
  | { readonly kind: 'apps' }
  /** `apps.get_app_config("shop")` */
  | { readonly kind: 'app-config'; readonly app: string | undefined }
  | { readonly kind: 'schema-editor' }
  | { readonly kind: 'connection' }
  | { readonly kind: 'cursor' }
  /** `connection.ops` */
  | { readonly kind: 'connection-operations' }
  /** `connection.vendor` */
  | { readonly kind: 'vendor' }
  /** `schema_editor.connection.alias`: says which database, not which rows. */
  | { readonly kind: 'alias' }
  | { readonly kind: 'model'; readonly model: HeldModel }
  /** `Order._meta` */
  | { readonly kind: 'model-options'; readonly model: HeldModel }
  /** `Order._meta.get_field("total")` */
  | { readonly kind: 'field'; readonly model: HeldModel; readonly name: string }
  | { readonly kind: 'rows'; readonly rows: RowSet }
  /** Column values of rows: `values_list(…)`. `isKeys` for a flat list of primary keys. */
  | { readonly kind: 'values'; readonly rows: RowSet; readonly isKeys: boolean }
  /** `exists()`, `count()`: a question about rows. */
  | { readonly kind: 'answer' }
  | { readonly kind: 'condition'; readonly verdict: Verdict }
  | { readonly kind: 'row'; readonly row: Row }
  /** `order.lines`: a related manager, a related row or a plain value. */
  | { readonly kind: 'row-attribute'; readonly row: Row; readonly name: string }
  /** `Paginator(rows, 500)` and its like: iterating it yields rows in slices. */
  | { readonly kind: 'pages'; readonly rows: RowSet }
  | HeldList
  | { readonly kind: 'dictionary'; readonly entries: ReadonlyMap<string, Held>; readonly isWhole: boolean }
  | HeldFunction
  | {
      readonly kind: 'class';
      readonly statement: ClassStatement;
      readonly inside: SourceModule;
      readonly scope: NameScope;
    }
  | { readonly kind: 'object'; readonly class: HeldOf<'class'>; readonly attributes: Map<string, Held> }
  | { readonly kind: 'module'; readonly source: SourceModule }
  /** Something imported from outside the files at hand, by its dotted name; `builtins.len` for built-in functions. */
  | { readonly kind: 'external'; readonly name: string }
  /** What an external function or class gave back. */
  | { readonly kind: 'result'; readonly of: string }
  /** A value of the environment or of the settings. */
  | { readonly kind: 'environment'; readonly name: string }
  /** `value` tells where it is written. */
  | { readonly kind: 'text'; readonly text: string; readonly value?: Value }
  /** A text of which only some is known. */
  | { readonly kind: 'loose-text'; readonly value: Value }
  /** `open(path)` */
  | { readonly kind: 'open-file'; readonly opened: CallValue }
  /** One of several texts: it depends on what cannot be decided. */
  | { readonly kind: 'either-text'; readonly options: readonly Held[] }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'constant'; readonly value: true | false | null }
  /** `F("total") + 1`: computed by the database for each row. */
  | { readonly kind: 'query-expression' }
  | { readonly kind: 'unknown' };

export type HeldOf<K extends Held['kind']> = Extract<Held, { readonly kind: K }>;

/** A list, tuple or set; appending to it changes it in place, as in Python. */
export interface HeldList {
  readonly kind: 'list';
  readonly items: Held[];
  /** Written as a literal or unfolded from one: the items are all of them, in order. */
  isWhole: boolean;
}

export interface HeldFunction {
  readonly kind: 'function';
  readonly definition: FunctionStatement | LambdaExpression;
  readonly inside: SourceModule;
  /** What the names in it mean that it does not bind itself. */
  readonly scope: NameScope;
  readonly boundPositional: readonly Held[];
  readonly boundKeywords: ReadonlyMap<string, Held>;
}

export interface HeldModel {
  readonly app: string | undefined;
  /** As the code names it: `EmailPreferences`; the attribute for rows that are reached through another row. */
  readonly label: string;
  readonly table: TableName | undefined;
  /** Taken from the application's code instead of the historical state. */
  readonly isLive: boolean;
}

/** A manager or a queryset: some rows of one table. */
export interface RowSet {
  readonly model: HeldModel;
  readonly selection: 'all' | 'filtered' | 'unknown';
  /** The field whose NULL is all that is asked for. */
  readonly whereNull?: string | undefined;
  /** One slice after the other, or streamed: never all of them at once. */
  readonly batched: boolean;
  /** The expression that stands for them. */
  readonly source: Expression;
}

/** One row in hand: what is assigned to it before it is saved is remembered. */
export interface Row {
  readonly model: HeldModel;
  /** The rows it was taken from; undefined for one that is not in the database yet. */
  readonly from: RowSet | undefined;
  readonly assigned: Map<string, AssignedValue>;
  /** A condition picked it out of the rows it comes from. */
  readonly isPicked: boolean;
}

export type AssignedValue = 'constant' | 'expression' | 'unknown';

export const unknown: Held = { kind: 'unknown' };

/** A model that cannot be told. */
export const someModel: Held = {
  kind: 'model',
  model: { app: undefined, label: 'model', table: undefined, isLive: false },
};

export function rowsOf(rows: RowSet): Held {
  return { kind: 'rows', rows };
}

export function listOf(items: readonly Held[], isWhole: boolean): HeldList {
  return { kind: 'list', items: [...items], isWhole };
}

/** A row that was loaded from `rows`. */
export function loadedRow(rows: RowSet): HeldOf<'row'> {
  return { kind: 'row', row: { model: rows.model, from: rows, assigned: new Map(), isPicked: false } };
}

export function newRow(model: HeldModel): HeldOf<'row'> {
  return { kind: 'row', row: { model, from: undefined, assigned: new Map(), isPicked: false } };
}

/** The rows that something was taken from; undefined for what holds none. */
export function rowSetOf(held: Held): RowSet | undefined {
  switch (held.kind) {
    case 'rows':
    case 'values':
    case 'pages':
      return held.rows;
    case 'row':
      return held.row.from;
    case 'row-attribute':
      return isKeyField(held.name) ? held.row.from : undefined;
    case 'list':
      return held.items.map(rowSetOf).find((rows) => rows !== undefined);
    default:
      return undefined;
  }
}

export function isKeyField(name: string): boolean {
  return name === 'pk' || name === 'id';
}

/** Whether whoever gets this could write rows with it. */
export function isRowsInHand(held: Held): boolean {
  switch (held.kind) {
    case 'apps':
    case 'app-config':
    case 'schema-editor':
    case 'connection':
    case 'cursor':
    case 'model':
    case 'rows':
    case 'row':
    case 'pages':
      return true;
    case 'list':
      return held.items.some(isRowsInHand);
    default:
      return false;
  }
}

/** What a name holds after two ways of which only one was taken: the one that matters more. */
export function eitherOf(one: Held, other: Held): Held {
  const texts = eitherText(one, other);
  if (texts !== undefined) return texts;
  if (one === other || other.kind === 'unknown') return one;
  if (one.kind === 'unknown' || (one.kind === 'constant' && one.value === null)) return other;
  if (other.kind === 'constant' && other.value === null) return one;
  return isRowsInHand(other) && !isRowsInHand(one) ? other : one;
}

/** Undefined where one of them is no text. */
export function eitherText(one: Held, other: Held): Held | undefined {
  const [options, others] = [textsIn(one), textsIn(other)];
  if (options.length === 0 || others.length === 0) return undefined;
  const more = others.filter((each) => !options.some((known) => isSameText(known, each)));
  return more.length === 0 ? one : { kind: 'either-text', options: [...options, ...more] };
}

function textsIn(held: Held): readonly Held[] {
  if (held.kind === 'either-text') return held.options;
  return held.kind === 'text' || held.kind === 'loose-text' ? [held] : [];
}

function isSameText(one: Held, other: Held): boolean {
  return one === other || (one.kind === 'text' && other.kind === 'text' && one.text === other.text);
}
