import { containsSpan } from '../../../base/span.ts';
import type { TextEdit } from '../../../base/text-edit.ts';
import type { Project } from '../../../project/project.ts';
import type { Change } from '../../../schema/change.ts';
import { placeOf } from '../../../schema/change-order.ts';
import type { Migration, ReverseFunction } from '../../../schema/migration.ts';
import type { Index } from '../../../schema/schema.ts';
import type { FunctionStatement, Statement } from '../../../syntax/module.ts';
import { namesIn } from '../../../syntax/names.ts';
import { reversedChanges, stops } from '../../alembic/reverse-revision.ts';
import { type Reversed, type Reversing, settingAt, styleOf } from '../../alembic/reversing.ts';
import { createdIndex } from '../../alembic/written-constraint.ts';
import { statementsText } from '../../alembic/written-directive.ts';
import { importEdits } from '../../alembic/written-value.ts';
import { indentationAt, isFirstOnLine, lineBreakOf, lineStartBefore } from '../../edits/layout.ts';
import { indentedCode } from '../../edits/rewritten.ts';
import { type Answer, refusal } from '../../fix.ts';
import { downgradeElsewhere } from '../../refusals.ts';
import { definitionOf, reversingOf } from './generated-downgrade.ts';

/** A change of the way forward that the way back does not take back. */
export interface Gap {
  readonly change: Change;
  /** What the function does instead: `leaves the column "x" of "t" in place`. */
  readonly clause: string;
  /** Only a part of it is missing: an index that went with its table or column, or something else where none is given. */
  readonly part?: { readonly index?: Index };
}

const unknownSteps = refusal(
  'What takes it back is not known here: it depends on a condition, or no revision tells what was there before. Write it by hand.',
);
const sharedLine = refusal(
  'The statement that it would have to come before does not begin a line of its own: give it one first.',
);

/** Adds to `downgrade()` what takes back the changes that it leaves out, each before those that were made earlier. */
export function completedDowngrade(
  gaps: readonly Gap[],
  of: ReverseFunction,
  migration: Migration,
  { project }: { readonly project: Project },
): readonly Answer[] {
  const source = project.revision(migration.id);
  const definition = source && definitionOf(source, of);
  const reversing = source && reversingOf(source, migration, project);
  if (source === undefined || reversing === undefined) return [];
  if (definition === undefined) return downgradeElsewhere;
  const back = migration.backward?.().changes ?? [];
  const edits: TextEdit[] = [];
  const used = new Set<string>();
  for (const { gaps: own, before } of placed(gaps, back, migration, definition)) {
    const steps = own.map((gap) => stepsFor(gap, reversing));
    if (!steps.every((each) => each !== undefined)) return unknownSteps;
    const statements = statementsText(steps.flat(), reversing.op, reversing.writing);
    for (const name of namesIn(statements.join('\n')).keys()) used.add(name);
    const edit = inserted(source.text, definition, before, statements.join('\n'));
    if (edit === undefined) return sharedLine;
    edits.push(edit);
  }
  for (const line of reversing.writing.imports) {
    if (!used.has(/(?:as|import) (\w+)$/.exec(line)?.[1] ?? '')) reversing.writing.imports.delete(line);
  }
  const all = [...importEdits(reversing.writing), ...edits].sort((one, other) => one.span.start - other.span.start);
  const title = `Let ${of.name}() take back all of upgrade()`;
  return [
    { title, safety: 'review', edits: [{ kind: 'change', file: source.file, edits: all }], followsFromAll: true },
  ];
}

function stepsFor({ change, part }: Gap, reversing: Reversing): Reversed {
  if (part === undefined) {
    const steps = reversedChanges([change], reversing);
    return steps?.some(stops) === true ? undefined : steps;
  }
  const table = 'table' in change ? change.table : undefined;
  const style = { ...styleOf(change, reversing), concurrently: false };
  if (part.index === undefined || table === undefined) return undefined;
  return createdIndex(part.index, table, style, settingAt(reversing.before(change), reversing));
}

interface Placed {
  /** The last change first. */
  readonly gaps: Gap[];
  /** The statement that takes back something that was made earlier; the end where there is none. */
  readonly before: Statement | undefined;
}

function placed(
  gaps: readonly Gap[],
  back: readonly Change[],
  { forward }: Migration,
  { body }: FunctionStatement,
): readonly Placed[] {
  const places: Placed[] = [];
  const at = ({ change }: Gap): number => placeOf(change, forward);
  for (const gap of gaps.toSorted((one, other) => at(other) - at(one))) {
    const earlier = forward.slice(0, at(gap));
    const next = back.find((each) => earlier.some((change) => isAboutSame(each, change)));
    const span = next?.origin.span;
    const before = span && body.find((each) => containsSpan(each.span, span));
    const known = places.find((each) => each.before === before);
    if (known === undefined) places.push({ gaps: [gap], before });
    else known.gaps.push(gap);
  }
  return places;
}

/** Whether one change takes back the other, by what they are about. */
function isAboutSame(back: Change, change: Change): boolean {
  const [one, other] = [subjectsOf(back), subjectsOf(change)];
  return one.some((subject) => other.includes(subject));
}

function subjectsOf(change: Change): readonly string[] {
  switch (change.kind) {
    case 'CreateTable':
    case 'DropTable':
      return [`table ${change.table.name}`];
    case 'RenameTable':
      return [`table ${change.table.name}`, `table ${change.to.name}`];
    case 'AddColumn':
      return [`column ${change.table.name}.${change.column.name}`];
    case 'DropColumn':
    case 'AlterColumn':
      return [`column ${change.table.name}.${change.column}`];
    case 'RenameColumn':
      return [`column ${change.table.name}.${change.column}`, `column ${change.table.name}.${change.to}`];
    case 'CreateIndex':
      return [`index ${change.index.name}`];
    case 'DropIndex':
      return [`index ${change.index}`];
    case 'AddConstraint':
      return [`constraint ${change.constraint.name}`];
    case 'DropConstraint':
      return [`constraint ${change.constraint}`];
    default:
      return [];
  }
}

function inserted(
  text: string,
  { body }: FunctionStatement,
  before: Statement | undefined,
  code: string,
): TextEdit | undefined {
  const last = body.at(-1);
  const statement = before ?? last;
  if (statement === undefined || !isFirstOnLine(text, statement.span.start)) return undefined;
  const indentation = indentationAt(text, statement.span.start);
  const lineBreak = lineBreakOf(text);
  const written = `${indentation}${indentedCode(code, indentation)}`;
  if (before === undefined) {
    return {
      span: { start: statement.span.end, end: statement.span.end },
      newText: `\n${written}`.replaceAll('\n', lineBreak),
    };
  }
  const at = lineStartBefore(text, before.span.start);
  return { span: { start: at, end: at }, newText: `${written}\n`.replaceAll('\n', lineBreak) };
}
