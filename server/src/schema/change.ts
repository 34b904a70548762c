import type { FilePath } from '../base/file-path.ts';
import type { Span } from '../base/span.ts';
import type { CallExpression, Expression, FunctionStatement, LambdaExpression, Module } from '../syntax/module.ts';
import type { Column, ColumnDefault } from './column.ts';
import type { Constraint, Index } from './schema.ts';
import type { SqlChange } from './sql-change.ts';
import type { TableName } from './table-name.ts';
import type { WrittenOptions } from './written.ts';

/** Where a change is written: what a fix edits. */
export interface Origin {
  readonly kind: 'django-operation' | 'alembic-call' | 'sql-statement';
  /** `AddField`, `add_column`, `ALTER TABLE`. */
  readonly name: string;
  /** The whole operation, call or statement. */
  readonly span: Span;
  /** The Python call that carries it, in the migration's own file; undefined where the call is built elsewhere. */
  readonly call: CallExpression | undefined;
  /** The operation itself refuses to run in a transaction, and to be half done: run again, it goes on where it stopped. */
  readonly standsAlone?: true;
  /** Where the database cannot alter the table that is there, the framework makes a new one in its place. */
  readonly copiesTable?: true;
  /** `SeparateDatabaseAndState` and the like that this operation stands in, outermost first. */
  readonly within: readonly CallExpression[];
  /** Of a statement in SQL text. */
  readonly sql?: SqlOrigin;
  /** Where the telling piece of the statement is written, where that is another file: an `.sql` file, a module. */
  readonly writtenIn?: { readonly file: FilePath; readonly span: Span };
  /** Where a data function sends the statement. `call` is then what sends it, and `within` ends with the operation. */
  readonly code?: Omit<CodeSite, 'source'>;
}

/** One statement of an SQL text. Spans are offsets in the statement as it stands in the text, from its first word on. */
export interface SqlOrigin {
  /** As it is sent, with stand-ins for what is not known of it and for placeholders. */
  readonly text: string;
  /** Which of the statements of its text it is, and how many are sent in one string. */
  readonly position: number;
  readonly together: number;
  /** Nothing but the string that it is sent in, which the database takes for one transaction, ties it to others. */
  readonly implicitTransaction: boolean;
  /** Its string constants: an enum value that it uses is one of them. */
  readonly strings: readonly string[];
  /** Those that are cast where they stand, with the name of the type, its schema left out. */
  readonly castStrings: readonly { readonly value: string; readonly type: string }[];
  /** Names that are longer than the database keeps, and where they are written. */
  readonly longNames: readonly { readonly name: string; readonly at: Span }[];
  /** What its comments, and those before it, say. */
  readonly comments: readonly string[];
  /** It stands inside a `DO` block. */
  readonly inBody: boolean;
  /** What MySQL is told about how to go about it, in upper case: `ALGORITHM` → `INPLACE`, `LOCK` → `NONE`. */
  readonly options: ReadonlyMap<string, string>;
  /** Where a part of it is written in the migration's file; undefined for what is written elsewhere. */
  readonly placeOf: (part: Span) => Span | undefined;
  /** Whether the part is written in one literal of the file, so that an edit there changes it and nothing else. */
  readonly isEditable: (part: Span) => boolean;
  /** Where edits have moved the operation since it was read: what that was, where it began, and how far it is now. */
  readonly moved?: { readonly origin: SqlOrigin; readonly start: number; readonly by: number };
}

/** Changes with one id commit together; `undefined` runs in autocommit mode. */
export type TransactionId = string | undefined;

/**
 * How the change is taken back when the migration is rolled back: by what the framework derives, by what the author
 * wrote, by nothing on purpose (`noop`), or not at all.
 */
export type Reverse = 'generated' | 'written' | 'noop' | 'missing';

/** What every change tells about itself. */
export interface ChangeBase {
  /** What to underline: the smallest telling piece, in the migration's own file. */
  readonly at: Span;
  readonly origin: Origin;
  /** Django's `SeparateDatabaseAndState` and swapped or unmanaged models make the two differ. */
  readonly applies: { readonly state: boolean; readonly database: boolean };
  readonly transaction: TransactionId;
  /** `conditional`: under an `if` that cannot be decided, or read from a half-typed operation. */
  readonly certainty: 'certain' | 'conditional';
  readonly reverse: Reverse;
  /** Stands behind an explicit guard: an environment flag or a check that raises or returns first. */
  readonly guarded?: boolean;
  /** `IF EXISTS` stands before the table, or the index, that it alters: where that is not there, nothing is done. */
  readonly isOptional?: true;
}

export interface CreateTable extends ChangeBase {
  readonly kind: 'CreateTable';
  readonly table: TableName;
  readonly model: string | undefined;
  readonly columns: readonly Column[];
  readonly indexes: readonly Index[];
  readonly constraints: readonly Constraint[];
  /** False where columns could not be read. */
  readonly complete: boolean;
  /** What stands beside the columns is among the constraints, under the names that it has in the database. */
  readonly inlineConstraints?: 'listed';
  /** The partitioned table that it becomes a part of. */
  readonly partitionOf?: TableName;
  /** It takes what no other partition does. */
  readonly isDefaultPartition?: true;
  /** Its rows are in partitions, told apart by these columns; expressions are left out. */
  readonly partitionedBy?: readonly string[];
  /** The session's own, gone with it. */
  readonly temporary?: boolean;
  /**
   * Foreign keys, indexes and the constraints with these names are statements of their own, which are sent when all
   * operations of the migration are done.
   */
  readonly sentLast?: readonly string[];
  readonly comment?: string;
  readonly tablespace?: string;
  /** Rows come with it: `CREATE TABLE … AS SELECT`. */
  readonly withRows?: boolean;
  readonly ifNotExists?: boolean;
}

export interface DropTable extends ChangeBase {
  readonly kind: 'DropTable';
  readonly table: TableName;
  readonly cascade: boolean;
  readonly ifExists?: boolean;
}

export interface RenameTable extends ChangeBase {
  readonly kind: 'RenameTable';
  readonly table: TableName;
  readonly to: TableName;
}

export interface AddColumn extends ChangeBase {
  readonly kind: 'AddColumn';
  readonly table: TableName;
  readonly column: Column;
  /** A default that fills the existing rows and is dropped in the same step (Django's Python-side `default=`). */
  readonly transientDefault: ColumnDefault | undefined;
  /** The column's own constraints under the names that they have in the database; derived where they are not given. */
  readonly constraints?: readonly Constraint[];
  readonly ifNotExists?: boolean;
}

export interface DropColumn extends ChangeBase {
  readonly kind: 'DropColumn';
  readonly table: TableName;
  readonly column: string;
  readonly cascade: boolean;
  readonly ifExists?: boolean;
  /** Its foreign key is dropped by a statement of its own, before it. */
  readonly dropsKeyFirst?: true;
}

export interface RenameColumn extends ChangeBase {
  readonly kind: 'RenameColumn';
  readonly table: TableName;
  readonly column: string;
  readonly to: string;
}

/** The column afterwards, whole; what it was before is in the schema. */
export interface AlterColumn extends ChangeBase {
  readonly kind: 'AlterColumn';
  readonly table: TableName;
  readonly column: string;
  readonly to: Column;
  /** The column before, as far as the change tells, where no migration in sight has created it. */
  readonly was?: Column;
  /** Where each facet that changes is written, to underline: `null=False`, the field class, `max_length=`. */
  readonly facets: {
    readonly type: Span | undefined;
    readonly nullable: Span | undefined;
    /** Of SQL, which changes one facet at a time and names no other. */
    readonly default?: Span;
  };
  /** The arguments of the operation by name, where a function is called: they can tell what the column was before. */
  readonly written?: WrittenOptions;
  /** Rows that hold NULL are updated to this before NOT NULL is set, in the same step. */
  readonly fillsNulls: ColumnDefault | undefined;
  /** The expression of `TYPE … USING`, as SQL. */
  readonly using?: string;
  /** It has a USING that is only known at run time. */
  readonly usingIsUnread?: true;
  /** The session that sends it is not known to be in UTC: times without a zone are taken for those of its own zone. */
  readonly zoneIsUnknown?: true;
  /** `USING column::type`: a framework casts the values of a column that takes another type. */
  readonly casts?: true;
  /**
   * MySQL writes the column anew, whole: what it was and the operation neither changes nor repeats. Without the type the
   * framework refuses.
   */
  readonly forgets?: readonly ('type' | 'not-null' | 'default' | 'auto-increment' | 'comment')[];
  /** A default that is set before and dropped again when the operation is done. */
  readonly transientDefault?: ColumnDefault;
  /** Each facet that is named is sent by a statement of its own, whether or not it changes anything. */
  readonly sendsEach?: true;
}

export interface CreateIndex extends ChangeBase {
  readonly kind: 'CreateIndex';
  readonly table: TableName;
  readonly index: Index;
  readonly concurrently: boolean;
  readonly ifNotExists: boolean;
  /** `ON ONLY`: its partitions get none. */
  readonly only?: true;
  /** Sent when all operations of the migration are done. */
  readonly sentLast?: true;
}

export interface DropIndex extends ChangeBase {
  readonly kind: 'DropIndex';
  /** `undefined` for an index that no migration in sight creates: SQL names the index alone. */
  readonly table: TableName | undefined;
  readonly index: string;
  readonly concurrently: boolean;
  /** Where the framework finds it by what it is built on, whatever its name is by now. */
  readonly columns?: readonly string[];
  readonly cascade?: boolean;
  readonly ifExists?: boolean;
  /** Its statement drops another one before it. */
  readonly followsAnother?: true;
}

export interface RenameIndex extends ChangeBase {
  readonly kind: 'RenameIndex';
  /** As in {@link DropIndex}. */
  readonly table: TableName | undefined;
  readonly index: string;
  readonly to: string;
  /** As in {@link DropIndex}. */
  readonly columns?: readonly string[];
}

export interface AddConstraint extends ChangeBase {
  readonly kind: 'AddConstraint';
  readonly table: TableName;
  /** `validated: false` in it means NOT VALID. */
  readonly constraint: Constraint;
  readonly usingIndex: string | undefined;
  /** `ALTER TABLE ONLY`: its partitions get none. */
  readonly only?: true;
}

export interface DropConstraint extends ChangeBase {
  readonly kind: 'DropConstraint';
  readonly table: TableName;
  readonly constraint: string;
  readonly constraintKind: Constraint['kind'] | undefined;
  /** It is meant by its kind, without a name: the framework refuses to drop it. */
  readonly unnamed?: true;
  /** Its kind is not said, without which the framework can drop none on this database. */
  readonly kindUnsaid?: true;
  /** Indexes that the framework drops when all else is done, which are not known to be there. */
  readonly dropsIfThere?: readonly string[];
  /** A foreign key whose pending checks run first. */
  readonly checksFirst?: true;
  readonly cascade?: boolean;
  readonly ifExists?: boolean;
  /** Where the framework finds it by its kind and columns, whatever its name is by now. */
  readonly columns?: readonly string[];
}

export interface ValidateConstraint extends ChangeBase {
  readonly kind: 'ValidateConstraint';
  readonly table: TableName;
  readonly constraint: string;
}

/** Rows are written, by a data function or by a statement. */
export interface WriteRows extends ChangeBase {
  readonly kind: 'WriteRows';
  readonly operation: 'insert' | 'update' | 'delete';
  /** `undefined` where the table cannot be told. */
  readonly table: TableName | undefined;
  /** The name the code uses for the table: `EmailPreferences`, `prompts_emailpreferences`. */
  readonly label: string;
  readonly rows: 'all' | 'filtered' | 'unknown';
  /** The column whose NULL is all that the filter asks for. */
  readonly whereNull?: string;
  readonly assignments: readonly RowAssignment[];
  /** Strings that are written to a column or compared with it, where Python code says so; SQL text tells its own. */
  readonly strings?: readonly { readonly column: string; readonly value: string }[];
  /** `set`: one statement for all of them. `each`: loaded and written one by one. `bulk`: loaded, written in bulk. */
  readonly method: 'set' | 'each' | 'bulk';
  /** Works in slices: key ranges, `iterator(chunk_size=)` with bulk writes, LIMIT loops. */
  readonly batched: boolean;
  readonly guarded: boolean;
  /** Where the values come from, if those of all rows that have one are copied; the columns by their names alone. */
  readonly copies?: { readonly tables: readonly TableName[]; readonly columns: readonly string[] };
  /** The code that writes, where it is Python. */
  readonly code: CodeSite | undefined;
}

export interface RowAssignment {
  readonly column: string;
  /** `constant`: the same value for every row. */
  readonly value: 'constant' | 'expression' | 'unknown';
}

/** A place inside a data function. */
export interface CodeSite {
  /** The file that holds the function: the migration's own, or a module beside it. */
  readonly file: FilePath;
  readonly module: Module;
  /** The function that contains the call, outermost known one first when helpers call helpers. */
  readonly functions: readonly (FunctionStatement | LambdaExpression)[];
  /** `Model.objects.all().delete()` */
  readonly call: CallExpression;
  /** What the rows are taken from: `Model.objects.all()`; the loop's iterable for row-by-row writes. */
  readonly source: Expression | undefined;
}

/** Python is run: a `RunPython`, or the body of a revision that does more than its operations. */
export interface RunCode extends ChangeBase {
  readonly kind: 'RunCode';
  /** `undefined` where the function cannot be found. */
  readonly function: FunctionStatement | LambdaExpression | undefined;
  readonly functionName: string | undefined;
  /** Where the function stands; differs from the migration's file for functions of sibling modules. */
  readonly file: FilePath;
  /** The function is `RunPython.noop`, or has an empty body. */
  readonly isNoop: boolean;
  /** Whether it is known what the function writes; false when a call leads out of sight with rows in hand. */
  readonly understood: boolean;
  /** What leads out of sight, where something does; the reason is a clause: `it hands rows to "normalize"`. */
  readonly outOfSight: { readonly at: Span; readonly reason: string } | undefined;
  /** It writes rows that existed before: updates or deletes; inserts only add. */
  readonly writesExistingRows: boolean | 'unknown';
  /** What is filled into the SQL that it sends, where that is not known before it runs. */
  readonly holes?: readonly SqlHole[];
  /** It raises unless an environment variable or a setting allows what comes after it: nothing else is done by it. */
  readonly isGuard: boolean;
  readonly liveModels: readonly LiveModelImport[];
  /** What decides what it writes, and can be another thing on each database. */
  readonly unsteady: readonly UnsteadyValue[];
  /** The models that it takes from the historical state whatever happens, each once. */
  readonly models: readonly ModelUse[];
}

export interface UnsteadyValue {
  readonly source: 'environment' | 'random' | 'clock' | 'network';
  /** `DEFAULT_CURRENCY`, `random.choice` */
  readonly name: string;
  /** The field that gets it; undefined for what is only asked over the network. */
  readonly field: string | undefined;
  /** In the migration's own file. */
  readonly at: Span;
}

/** A model that a migration needs in the historical state. */
export interface ModelUse {
  readonly app: string;
  readonly model: string;
  /** The setting that names it, where a setting does: `AUTH_USER_MODEL`. */
  readonly setting: string | undefined;
  /** In the migration's own file. */
  readonly at: Span;
}

/** A model class imported from the application's code instead of taken from the historical state. */
export interface LiveModelImport {
  readonly name: string;
  /** `shop.models` */
  readonly importedFrom: string;
  readonly app: string | undefined;
  /** The imported name inside its import statement. */
  readonly at: Span;
  readonly uses: readonly Span[];
}

/** SQL is sent as text; what it does is told by the changes that are read from it, where it can be read. */
export interface RunSql extends ChangeBase {
  readonly kind: 'RunSql';
  /** The statements as far as they are literal; `undefined` for what is put together at run time. */
  readonly statements: readonly (string | undefined)[];
  /** The values that are sent beside each of the statements, as literals where they can be told; for what has some. */
  readonly parameters?: () => readonly (readonly (string | undefined)[] | undefined)[];
  /** Some of the texts cannot be read at all; of the others the statements follow as changes. */
  readonly isUnread?: true;
  /** What is filled into the text when the migration runs, where that is not known before. */
  readonly holes?: readonly SqlHole[];
  /** What the SQL does that takes it back, where it is written. */
  readonly backward?: readonly Change[];
}

/** A value that is filled into SQL. */
export interface SqlHole {
  /** Where it is filled in. */
  readonly at: Span;
  readonly by: InterpolationForm;
  /** The expression that makes it, as it is written. */
  readonly written: string;
  readonly source: FilledSource;
}

/**
 * Where a value comes from that is filled into SQL: it is written in the file, a number, the name of a table or column
 * or what a function for that has quoted, what none but the operator writes (settings, environment), or anything else.
 */
export type FilledSource = 'constant' | 'number' | 'identifier' | 'operator' | 'run-time';

/** How a value gets into a text in Python: by an f-string, by `%`, `.format`, `join`, `+`, `replace`. */
export type InterpolationForm = 'field' | 'percent' | 'format' | 'join' | 'concatenation' | 'replacement';

/** Something that cannot be analyzed: said, never passed over. */
export interface Opaque extends ChangeBase {
  readonly kind: 'Opaque';
  /** A clause that completes «This operation cannot be checked: …». */
  readonly reason: string;
  /** It is to drop a constraint without saying which: the framework refuses to. */
  readonly dropsUnnamed?: true;
}

export type Change =
  | CreateTable
  | DropTable
  | RenameTable
  | AddColumn
  | DropColumn
  | RenameColumn
  | AlterColumn
  | CreateIndex
  | DropIndex
  | RenameIndex
  | AddConstraint
  | DropConstraint
  | ValidateConstraint
  | WriteRows
  | RunCode
  | RunSql
  | SqlChange
  | Opaque;

export type ChangeKind = Change['kind'];
export type ChangeOf<K extends ChangeKind> = Extract<Change, { readonly kind: K }>;

const none: readonly Change[] = [];

/** Some dozens of rules ask for the kinds of the same migration, each for its own. */
const kindsIn = new WeakMap<readonly Change[], ReadonlyMap<ChangeKind, readonly Change[]>>();

/** The changes of the given kinds, in order; of a list to which none are added any more. */
export function changesOf<K extends ChangeKind>(
  changes: readonly Change[],
  ...kinds: readonly K[]
): readonly ChangeOf<K>[] {
  let byKind = kindsIn.get(changes);
  if (byKind === undefined) {
    byKind = groupedByKind(changes);
    kindsIn.set(changes, byKind);
  }
  const there = kinds.length === 1 ? kinds : kinds.filter((kind) => byKind.has(kind));
  const [only] = there;
  const found =
    there.length > 1
      ? changes.filter(({ kind }) => (there as readonly string[]).includes(kind))
      : only && byKind.get(only);
  return (found ?? none) as readonly ChangeOf<K>[];
}

function groupedByKind(changes: readonly Change[]): ReadonlyMap<ChangeKind, readonly Change[]> {
  const byKind = new Map<ChangeKind, Change[]>();
  for (const change of changes) {
    const known = byKind.get(change.kind);
    if (known === undefined) byKind.set(change.kind, [change]);
    else known.push(change);
  }
  return byKind;
}
