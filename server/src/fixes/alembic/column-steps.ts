import type { TextEdit } from '../../base/text-edit.ts';
import type { Column, ColumnType } from '../../schema/column.ts';
import { changedSource } from '../changed-source.ts';
import { type ChangeFile, isRefused, type Refused, refusal } from '../fix.ts';
import { fittingConstraint } from '../recipes/fitting-check.ts';
import { type Trigger, type TriggerStatements, triggerStatements } from '../recipes/in-step.ts';
import { unknownDefinition } from '../refusals.ts';
import { writtenName, writtenTable } from '../sql/sql-names.ts';
import type { ReplacedColumn } from './column-beside.ts';
import { opCall } from './directive-text.ts';
import { executeLines } from './executed-sql.ts';
import { finalName } from './final-name.ts';
import { codeAround } from './moved-code.ts';
import type { NewRevision } from './new-revision.ts';
import { addCheckText, dropCheckText, type NotNullColumn, proveRevision } from './not-null-steps.ts';
import { replaceOutsideOfBatch } from './statement-edits.ts';
import type { WayBack } from './way-back.ts';
import { columnText, defaultText } from './written-column.ts';
import { columnTypeText, type TypeSetting } from './written-type.ts';
import { importEdits, newWriting, text, type Writing } from './written-value.ts';

/** A column beside the one that it is to take the place of, with what its steps are written with. */
export interface BesideColumn {
  readonly replaced: ReplacedColumn;
  readonly added: Column;
  /** Its type as code, and that of the old one. */
  readonly type: string;
  readonly oldType: string;
  /** The default of the old one as code, where it has one. */
  readonly fallback: string | undefined;
  readonly trigger: TriggerStatements;
  readonly proof: NotNullColumn;
  /** What the code of its later steps needs. */
  readonly writing: Writing;
}

export function besideColumnOf(replaced: ReplacedColumn, added: Column, trigger: Trigger): BesideColumn | Refused {
  const { column, table, place, project, target, schema } = replaced;
  const { source } = place;
  const writing = newWriting(source);
  const setting: TypeSetting = { writing, database: target.database, schema };
  const [type, oldType] = [added, column].map((each) => columnTypeText(each, setting));
  const fallback = column.default === undefined ? undefined : defaultText(column, writing);
  if (type === undefined || oldType === undefined) return unknownDefinition;
  if (column.default !== undefined && (fallback === undefined || !isCopied(column))) return ownDefault;
  const proof = { table: table.name, column: added.name, source, project };
  return { replaced, added, type, oldType, fallback, trigger: triggerStatements(trigger), proof, writing };
}

/** A sequence belongs to its column, and goes with it. */
function isCopied({ default: fallback }: Column): boolean {
  return fallback?.kind === 'constant' || fallback?.kind === 'stable';
}

const ownDefault = refusal('The default of the column is one that another column could not take over.');

/** `op.alter_column` of a column of the table, in column 0. */
export function alterText(
  { replaced: { place, table }, writing }: BesideColumn,
  column: string,
  keywords: Readonly<Record<string, string | undefined>>,
): string {
  const { schema, name } = table.name;
  const own = schema === undefined ? undefined : text(schema, writing);
  return opCall(
    place.op,
    'alter_column',
    [text(name, writing), text(column, writing)],
    { ...keywords, schema: own },
    4,
  );
}

/** A check that keeps values out which the new type has no room for. */
export interface FitsCheck {
  readonly add: string;
  readonly drop: string;
  /** As SQL. */
  readonly validate: string;
}

/** Of a type that does not take all values; see {@link fittingConstraint}. */
export function fitsCheckOf(
  { table: { name: table }, column, place, project }: ReplacedColumn,
  to: ColumnType,
): FitsCheck | undefined {
  const check = fittingConstraint({ table, column, to });
  if (check === undefined) return undefined;
  const { source, op } = place;
  const writing = newWriting(source);
  const schema = table.schema === undefined ? undefined : text(table.schema, writing);
  const name = finalName(text(check.name, writing), 'check', { project, op });
  const names = [name, text(table.name, writing)];
  const condition = text(check.condition, writing);
  return {
    add: opCall(op, 'create_check_constraint', [...names, condition], { schema, postgresql_not_valid: 'True' }, 4),
    drop: opCall(op, 'drop_constraint', names, { type_: text('check', writing), schema }, 4),
    validate: `ALTER TABLE ${writtenTable(table)} VALIDATE CONSTRAINT ${writtenName(check.name)}`,
  };
}

/** What the revision itself does, and its way back, in column 0. */
interface Beginning {
  readonly forward: readonly string[];
  readonly backward: readonly string[];
  /** For the imports. */
  readonly writing: Writing;
}

/** The column is added, kept in step by the trigger, and no new row leaves it NULL that must not. */
export function beginningOf(beside: BesideColumn, check: FitsCheck | undefined): Beginning | Refused {
  const { replaced, added, trigger, proof } = beside;
  const { column, table, place, target, schema } = replaced;
  const { source, op } = place;
  const writing = newWriting(source);
  const setting: TypeSetting = { writing, database: target.database, schema };
  const code = columnText({ ...added, default: undefined }, { nullable: true }, setting);
  if (code === undefined) return unknownDefinition;
  const own = { schema: table.name.schema === undefined ? undefined : text(table.name.schema, writing) };
  const of = text(table.name.name, writing);
  return {
    forward: [
      ...(check === undefined ? [] : [check.add]),
      opCall(op, 'add_column', [of, code], own, 4),
      ...sentBy(beside, trigger.create),
      ...(column.nullable ? [] : [addCheckText(proof)]),
    ],
    backward: [
      ...(column.nullable ? [] : [dropCheckText(proof)]),
      ...sentBy(beside, trigger.drop),
      opCall(op, 'drop_column', [of, text(added.name, writing)], own, 4),
      ...(check === undefined ? [] : [check.drop]),
    ],
    writing,
  };
}

/** The beginning in the place of the directive, and what takes it back in the place of what took that back. */
export function changedHere({ replaced: { place } }: BesideColumn, back: WayBack, beginning: Beginning): ChangeFile {
  const { forward, backward, writing } = beginning;
  const edits: TextEdit[] = [...importEdits(writing), ...replaceOutsideOfBatch(place, forward.join('\n'))];
  if (back.kind === 'written') edits.push(...replaceOutsideOfBatch(back.place, backward.join('\n')));
  return changedSource(place.source, edits);
}

/** `op.execute` for each of the statements. */
export function sentBy({ replaced: { place } }: BesideColumn, sql: readonly string[]): readonly string[] {
  return sql.map((each) => executeLines(each, place.source, 4));
}

/** Sets the new column NOT NULL on the proof of its check, where the old one is; and takes that back. */
export function notNullSteps(beside: BesideColumn): Pick<Beginning, 'forward' | 'backward'> {
  const { replaced, added, type, proof } = beside;
  if (replaced.column.nullable) return { forward: [], backward: [] };
  const { upgrade, downgrade } = proveRevision(proof, {
    forward: alterText(beside, added.name, { existing_type: type, nullable: 'False' }),
    backward: alterText(beside, added.name, { existing_type: type, nullable: 'True' }),
  });
  return { forward: upgrade, backward: downgrade };
}

/** A revision of later steps, with what their code needs. */
export function stepRevision(
  { replaced: { place }, writing }: BesideColumn,
  { slug, docstring }: Pick<NewRevision, 'slug' | 'docstring'>,
  upgrade: readonly string[],
  downgrade: readonly string[],
): NewRevision | Refused {
  const around = codeAround(place.source, [place], [...upgrade, ...downgrade]);
  if (isRefused(around)) return around;
  return {
    slug: slug.toLowerCase().replaceAll(/\W+/g, '_'),
    docstring,
    ...around,
    imports: [...new Set([...around.imports, ...writing.imports])],
    upgrade,
    downgrade,
  };
}

/** Of what a comment cannot leave to a later release. */
export const unwritableName = refusal(
  'Its name, or that of its table, is not one that a comment can name for a later release.',
);
