import { textOf } from '../../../alembic/columns.ts';
import type { Directive } from '../../../alembic/directives.ts';
import { nameOf } from '../../../alembic/step.ts';
import type { TextEdit } from '../../../base/text-edit.ts';
import type { Project } from '../../../project/project.ts';
import type { AddConstraint } from '../../../schema/change.ts';
import type { Migration } from '../../../schema/migration.ts';
import type { CallExpression } from '../../../syntax/module.ts';
import { columnCallOf } from '../../alembic/column-call.ts';
import { argumentText, inAutocommitBlock, opCall, schemaText } from '../../alembic/directive-text.ts';
import { executeText, revisionOf } from '../../alembic/executed-sql.ts';
import { finalName, nameApart } from '../../alembic/final-name.ts';
import { codeAround } from '../../alembic/moved-code.ts';
import { type NewRevision, revisionsAfter } from '../../alembic/new-revision.ts';
import { type DirectivePlace, readDirectivePlace } from '../../alembic/revision-site.ts';
import { commentsOf, removeStatement, replaceOutsideOfBatch } from '../../alembic/statement-edits.ts';
import { type WayBack, wayBackOf } from '../../alembic/way-back.ts';
import { changedSource } from '../../changed-source.ts';
import { findKeyword, removeArgument } from '../../edits/arguments.ts';
import { quoted, quoteOf } from '../../edits/layout.ts';
import { type Answer, type FileEdit, isRefused, type Refused } from '../../fix.ts';
import {
  behindGuard,
  concurrencyRefusal,
  doesMore,
  neededLater,
  notWrittenOut,
  unreadReverse,
} from '../../refusals.ts';
import { tableBefore } from '../../schema-before.ts';
import { isMovable } from '../../sql/later-changes.ts';
import { writtenName, writtenTable } from '../../sql/sql-names.ts';
import { isReferredTo } from '../key-steps.ts';
import { areColumnsReady, columnsNotReady, constraintWords, keyIndexWords } from '../unique-by-index.ts';
import { executedKeyByIndex } from './executed-key.ts';

/** What the index takes over from the constraint as it is written. */
const carriedKeywords = ['postgresql_include', 'postgresql_nulls_not_distinct'];
const plainKeywords = [
  'columns',
  'constraint_name',
  'deferrable',
  'initially',
  'schema',
  'table_name',
  ...carriedKeywords,
];

interface Key {
  readonly change: AddConstraint;
  readonly place: DirectivePlace;
  readonly project: Project;
  readonly back: WayBack;
}

/**
 * Makes a unique constraint or a primary key out of an index that was built before while the table was in use: the index in
 * one revision, outside of a transaction, the constraint in the next one.
 */
export function keyByIndex(
  change: AddConstraint,
  migration: Migration,
  { project }: { readonly project: Project },
): readonly Answer[] {
  if (change.origin.sql !== undefined) return executedKeyByIndex(change, migration, { project });
  const place = readDirectivePlace(change, migration, project);
  if (isRefused(place)) return place;
  if (!isAboutKey(change, place)) return [];
  if (!isPlain(place)) return doesMore;
  if (change.guarded === true) return behindGuard;
  if (place.directive.name === 'add_column' && columnCall(place) === undefined) return notWrittenOut;
  const known = nameOfKey(change, place, migration, project);
  if (isRefused(known)) return known;
  const refused = concurrencyRefusal(change, migration, project);
  if (refused !== undefined) return refused;
  if (!isMovable(change, migration) || isReferredTo(change, change.constraint.columns, migration)) return neededLater;
  if (!areColumnsReady(change, migration, project)) return columnsNotReady;
  const back = wayBackOf(place.source, (directive) => isDropOf(directive, change), [change.constraint.name]);
  if (back.kind === 'unclear') return unreadReverse;
  const isAlone = migration.forward.length === 1;
  const steps = inSteps({ change, place, project, back }, isAlone);
  if (isRefused(steps)) return steps;
  const what = change.constraint.kind === 'unique' ? 'unique constraint' : 'primary key';
  return [
    { title: `Build the index concurrently first, then make it the ${what}`, safety: 'review', edits: steps.edits },
  ];
}

function isAboutKey({ constraint }: AddConstraint, { directive: { name } }: DirectivePlace): boolean {
  if (name === 'add_column') return constraint.kind === 'unique';
  return name === 'create_unique_constraint' || name === 'create_primary_key';
}

/** The index takes over all that the directive says of the constraint. */
function isPlain({ directive }: DirectivePlace): boolean {
  if (directive.name === 'add_column') return true;
  return [...directive.call.keywords.keys()].every((keyword) => plainKeywords.includes(keyword));
}

/** Refuses where it is not known under which name the constraint can be dropped again. */
function nameOfKey(change: AddConstraint, place: DirectivePlace, migration: Migration, project: Project) {
  const { constraint, table } = change;
  const naming = { project, op: place.op, quote: quoteOf(place.source.text) };
  const name = nameApart(constraint, constraint.kind, tableBefore(table, change, migration, project), naming);
  return typeof name === 'string' ? { name } : name;
}

/** By its name, or without one, as autogenerate takes back what it has not named. */
function isDropOf({ name, arguments: given }: Directive, { constraint, table }: AddConstraint): boolean {
  if (name !== 'drop_constraint' || nameOf(given.get('table_name')) !== table.name) return false;
  const written = given.get('constraint_name');
  if (constraint.unnamed === undefined || written?.kind !== 'constant') return nameOf(written) === constraint.name;
  const type = textOf(given.get('type_'));
  return type === (constraint.kind === 'unique' ? 'unique' : 'primary');
}

/** The `sa.Column(…, unique=True)` of `add_column`. */
function columnCall(place: DirectivePlace): CallExpression | undefined {
  const call = columnCallOf(place)?.call;
  return call && findKeyword(call, 'unique') === undefined ? undefined : call;
}

interface Steps {
  readonly edits: readonly FileEdit[];
}

function inSteps(key: Key, isAlone: boolean): Steps | Refused {
  const { change, place, project, back } = key;
  const { source } = place;
  const index = indexRevision(key);
  const after = isAlone ? `after ${source.revision}` : 'when the index is built';
  const constraint = constraintRevision(key, after, isAlone ? '' : commentsOf(place));
  if (isRefused(index)) return index;
  if (isRefused(constraint)) return constraint;
  const chain = revisionsAfter(project, source, isAlone ? [constraint] : [index, constraint]);
  if (isRefused(chain)) return chain;
  const changed = isAlone
    ? [...replaceOutsideOfBatch(place, index.upgrade.join('\n')), ...backInPlace(back, index)]
    : takenOut(change, place, back);
  return { edits: [changedSource(source, changed), ...chain.repointed, ...chain.created] };
}

function backInPlace(back: WayBack, index: NewRevision): readonly TextEdit[] {
  return back.kind === 'written' ? replaceOutsideOfBatch(back.place, index.downgrade.join('\n')) : [];
}

function takenOut({ constraint }: AddConstraint, place: DirectivePlace, back: WayBack): readonly TextEdit[] {
  const removedBack = back.kind === 'written' ? [removeStatement(back.place)] : [];
  const column = place.directive.name === 'add_column' ? columnCall(place) : undefined;
  if (column === undefined || constraint.kind !== 'unique') return [removeStatement(place), ...removedBack];
  const { text, module } = place.source;
  const unique = findKeyword(column, 'unique');
  return unique === undefined ? [] : [removeArgument({ text, module, call: column }, unique), ...removedBack];
}

/** ` DEFERRABLE INITIALLY DEFERRED` */
function deferralOf({ options }: AddConstraint['constraint']): string {
  const { deferrable, initially } = options ?? {};
  const words = deferrable === undefined ? [] : [deferrable ? 'DEFERRABLE' : 'NOT DEFERRABLE'];
  return [...words, ...(initially === undefined ? [] : [`INITIALLY ${initially}`])].map((each) => ` ${each}`).join('');
}

/** What the directive names, as it is written there, else as literals. */
function partsOf({ change, place, project }: Key) {
  const { source, directive, op } = place;
  const quote = quoteOf(source.text);
  const { table, constraint } = change;
  const isColumn = directive.name === 'add_column';
  const literal = (text: string): string => quoted(text, quote);
  const columns = `[${constraint.columns.map(literal).join(', ')}]`;
  const carried = carriedKeywords.map((name) => [name, argumentText(place, name)] as const);
  const { name } = constraint;
  // What a convention names says None there.
  const isWritten = !isColumn && constraint.unnamed === undefined;
  // The index has the name of the constraint, which a convention may not change for one of them alone.
  const final = [constraint.kind, 'index'].map((kind) => finalName(literal(name), kind, { project, op }));
  const changed = final.find((each) => each !== literal(name));
  return {
    name: changed ?? (isWritten ? argumentText(place, 'constraint_name') : undefined) ?? literal(name),
    table: argumentText(place, 'table_name') ?? literal(table.name),
    columns: (isColumn ? undefined : argumentText(place, 'columns')) ?? columns,
    schema: schemaText(place),
    carried: isColumn ? {} : Object.fromEntries(carried),
  };
}

function indexRevision(key: Key): NewRevision | Refused {
  const { change, place } = key;
  const { source, op } = place;
  const { name, table, columns, schema, carried } = partsOf(key);
  const concurrently = { schema, postgresql_concurrently: 'True' };
  const drop = opCall(op, 'drop_index', [name], { table_name: table, ...concurrently, if_exists: 'True' }, 8);
  const build = opCall(op, 'create_index', [name, table, columns], { unique: 'True', ...concurrently, ...carried }, 8);
  const around = codeAround(source, [place], [drop, build]);
  if (isRefused(around)) return around;
  const words = keyIndexWords(change, source.revision);
  return { ...revisionOf(words, [inAutocommitBlock(op, [drop, build])], [inAutocommitBlock(op, [drop])]), ...around };
}

function constraintRevision(key: Key, after: string, comments: string): NewRevision | Refused {
  const { change, place, back } = key;
  const { source, op } = place;
  const { table, constraint } = change;
  const kind = constraint.kind === 'unique' ? 'UNIQUE' : 'PRIMARY KEY';
  const written = writtenName(constraint.name);
  const add = `ALTER TABLE ${writtenTable(table)} ADD CONSTRAINT ${written} ${kind} USING INDEX ${written}${deferralOf(constraint)}`;
  const parts = partsOf(key);
  const type = quoted(constraint.kind === 'unique' ? 'unique' : 'primary', quoteOf(source.text));
  const drop = opCall(op, 'drop_constraint', [parts.name, parts.table], { type_: type, schema: parts.schema }, 4);
  const around = codeAround(source, back.kind === 'written' ? [place, back.place] : [place], [drop]);
  if (isRefused(around)) return around;
  const isColumn = place.directive.name === 'add_column';
  const upgrade = [(isColumn ? '' : comments) + executeText(add, source, 4)];
  return { ...revisionOf(constraintWords(change, after), upgrade, [drop]), ...around };
}
