import type { AlembicRevision } from '../../../alembic/revision-file.ts';
import type { TextEdit } from '../../../base/text-edit.ts';
import type { Project } from '../../../project/project.ts';
import type { Change, ChangeOf } from '../../../schema/change.ts';
import { changesOf } from '../../../schema/change.ts';
import type { Migration, ReverseFunction } from '../../../schema/migration.ts';
import type { EnumType } from '../../../schema/schema.ts';
import type { CallExpression } from '../../../syntax/module.ts';
import type { CallValue, Value } from '../../../syntax/value.ts';
import { type EnumColumn, enumValueIn } from '../../alembic/enum-columns.ts';
import { readStatementPlace } from '../../alembic/revision-site.ts';
import { opImportOf } from '../../alembic/revision-text.ts';
import { insertBeforeStatement } from '../../alembic/statement-edits.ts';
import { enumArguments } from '../../alembic/written-type.ts';
import { importEdits, nameText, newWriting, type Writing } from '../../alembic/written-value.ts';
import { setKeyword } from '../../edits/arguments.ts';
import { fitted } from '../../edits/fitted.ts';
import { indentationAt, lineBreakOf } from '../../edits/layout.ts';
import { indentedCode } from '../../edits/rewritten.ts';
import { type Answer, isRefused, refusal } from '../../fix.ts';
import { downgradeElsewhere, notWrittenOut } from '../../refusals.ts';
import { definitionOf } from './generated-downgrade.ts';

interface Surroundings {
  readonly project: Project;
}

/** Whether the way back drops the type by SQL that names no schema, or another one. */
export function isTypeDropped(type: string, changes: readonly Change[]): boolean {
  const own = type.slice(type.lastIndexOf('.') + 1);
  return changesOf(changes, 'DropObject').some(({ name }) => name === own || name.endsWith(`.${own}`));
}

function typeCall(method: 'create' | 'drop', args: readonly string[], op: string, writing: Writing): string {
  const type = nameText('sqlalchemy.Enum', writing) ?? 'sa.Enum';
  return fitted(`${type}(${args.join(', ')}).${method}(${op}.get_bind(), checkfirst=True)`, 4);
}

const unknownValues = refusal('The values of the type are not written out where the column is added.');
const typeElsewhere = refusal(
  'The type is not written out in the table, or in another file: say create_type=False where it is written.',
);

/** Drops the type when all else is taken back. */
export function typeDroppedInDowngrade(
  type: string,
  of: ReverseFunction,
  migration: Migration,
  { project }: Surroundings,
): readonly Answer[] {
  const source = project.revision(migration.id);
  if (source === undefined) return [];
  const writing = newWriting(source);
  const edit = droppedLast(type, of, source, writing);
  if (edit === undefined) return downgradeElsewhere;
  return [
    {
      title: `Drop the type "${type}" at the end of ${of.name}()`,
      safety: 'review',
      edits: [{ kind: 'change', file: source.file, edits: inOrder([...importEdits(writing), edit]) }],
    },
  ];
}

function droppedLast(
  type: string,
  of: ReverseFunction,
  source: AlembicRevision,
  writing: Writing,
): TextEdit | undefined {
  const definition = definitionOf(source, of);
  const last = definition?.body.at(-1);
  if (definition === undefined || last === undefined) return undefined;
  const { text } = source;
  const indentation = indentationAt(text, last.span.start);
  const code = typeCall('drop', enumArguments(type, [], writing), opImportOf(source).name, writing);
  const newText = `\n${indentation}${indentedCode(code, indentation)}`.replaceAll('\n', lineBreakOf(text));
  return { span: { start: last.span.end, end: last.span.end }, newText };
}

/** Creates the type before the column that has it, and drops it when all is taken back. */
export function typeCreatedFirst(
  column: EnumColumn,
  migration: Migration,
  { project }: Surroundings,
): readonly Answer[] {
  const { change, type, values } = column;
  const place = readStatementPlace(change, migration, project);
  if (isRefused(place)) return place;
  if (values.length === 0) return unknownValues;
  const { source } = place;
  const writing = newWriting(source);
  const [block] = place.blocks;
  const outside =
    block === undefined ? place : { ...place, statement: block, siblings: place.definition.body, blocks: [] };
  const code = typeCall('create', enumArguments(type, values, writing), opImportOf(source).name, writing);
  const back = migration.backward?.();
  const [of] = back?.functions.filter(({ does }) => does === 'something') ?? [];
  const isDropped = back !== undefined && isTypeDropped(type, back.changes);
  const drop = of === undefined || isDropped ? undefined : droppedLast(type, of, source, writing);
  const edits = [insertBeforeStatement(outside, code), ...(drop === undefined ? [] : [drop]), ...importEdits(writing)];
  return [
    {
      title:
        drop === undefined
          ? `Create the type "${type}" first`
          : `Create the type "${type}" first, and drop it in ${of?.name ?? 'downgrade'}()`,
      safety: 'review',
      edits: [{ kind: 'change', file: source.file, edits: inOrder(edits) }],
    },
  ];
}

/** Whether a type that is there takes other values than those that are written, whatever their order. */
export function hasOtherValues(written: readonly string[], { values }: EnumType): boolean {
  if (written.length === 0 || values.length === 0) return false;
  const [one, other] = [new Set(written), new Set(values)];
  return one.size !== other.size || written.some((value) => !other.has(value));
}

/** Takes the type that is there: in a table by `create_type=False`, in a statement of its own by looking first. */
export function takenType(
  change: ChangeOf<'AlterEnum'>,
  known: EnumType,
  migration: Migration,
  { project }: Surroundings,
): readonly Answer[] {
  const source = project.revision(migration.id);
  if (source === undefined) return [];
  if (hasOtherValues(change.values, known))
    return refusal(`"${change.type}" has other values: give the new type a name of its own.`);
  const { text, module, file } = source;
  if (change.withTable !== true) {
    const { call } = change.origin;
    if (call === undefined || call.arguments.length === 0) return notWrittenOut;
    const edits = [setKeyword({ text, module, call }, 'checkfirst', 'True')];
    return [
      {
        title: 'Create it only where it is not there: checkfirst=True',
        safety: 'review',
        edits: [{ kind: 'change', file, edits }],
      },
    ];
  }
  const value = typeOfTable(change, migration);
  if (value === undefined || value.module !== module) return typeElsewhere;
  const writing = newWriting(source);
  const edits = [...existingType(value, value.at, source, writing), ...importEdits(writing)];
  return [
    {
      title: `Use the type "${change.type}" that is there: create_type=False`,
      safety: 'review',
      edits: [{ kind: 'change', file, edits: inOrder(edits) }],
    },
  ];
}

/** The type in the table that the change belongs to. */
function typeOfTable({ origin, type }: ChangeOf<'AlterEnum'>, { forward }: Migration): (CallValue & Value) | undefined {
  const table = changesOf(forward, 'CreateTable').find((each) => each.origin.call === origin.call);
  const value = table && enumValueIn(table.columns, type);
  return value?.kind === 'call' && value.callee !== undefined && /\.(Enum|ENUM)$/.test(value.callee)
    ? value
    : undefined;
}

function existingType(
  value: CallValue,
  call: CallExpression,
  source: AlembicRevision,
  writing: Writing,
): readonly TextEdit[] {
  const { text, module } = source;
  const isOfDialect = value.callee?.endsWith('.ENUM') === true;
  const name = nameText('sqlalchemy.dialects.postgresql.ENUM', writing) ?? '';
  return [
    ...(isOfDialect ? [] : [{ span: call.callee.span, newText: name }]),
    setKeyword({ text, module, call }, 'create_type', 'False'),
  ];
}

function inOrder(edits: readonly TextEdit[]): readonly TextEdit[] {
  return edits.toSorted((one, other) => one.span.start - other.span.start);
}
