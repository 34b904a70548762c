import { tableParameterOf } from '../../../alembic/directives.ts';
import type { TextEdit } from '../../../base/text-edit.ts';
import type { Project } from '../../../project/project.ts';
import type { Change } from '../../../schema/change.ts';
import type { Migration } from '../../../schema/migration.ts';
import { childExpressionsOf } from '../../../syntax/child-expressions.ts';
import { dottedNameOf } from '../../../syntax/dotted-name.ts';
import type { Argument, Expression } from '../../../syntax/module.ts';
import { argumentText } from '../../alembic/directive-text.ts';
import {
  blockAround,
  type DirectivePlace,
  directivesBack,
  findDirectivePlace,
  readDirectivePlace,
} from '../../alembic/revision-site.ts';
import { commentsOf, isOnItsOwnLines } from '../../alembic/statement-edits.ts';
import { removeArgument } from '../../edits/arguments.ts';
import { indentationAt, lineBreakOf, lineEndAfter } from '../../edits/layout.ts';
import { indentedCode, rewrittenCode } from '../../edits/rewritten.ts';
import { type Answer, isRefused, refusal } from '../../fix.ts';

/** What SQLite's ALTER TABLE does not do, or not always, and a copy of the table does. */
const copied: ReadonlySet<string> = new Set([
  'alter_column',
  'create_check_constraint',
  'create_foreign_key',
  'create_primary_key',
  'create_table_comment',
  'create_unique_constraint',
  'drop_column',
  'drop_constraint',
  'drop_table_comment',
]);

/** What may stand in the same block. */
const batchable: ReadonlySet<string> = new Set([...copied, 'add_column', 'create_index', 'drop_index']);

/**
 * Puts a directive, and those on the same table around it, into `batch_alter_table`, which makes a new table on SQLite;
 * `downgrade()` needs the same for what it does to the table.
 */
export function inBatch(
  change: Change,
  migration: Migration,
  { project }: { readonly project: Project },
): readonly Answer[] {
  const place = readDirectivePlace(change, migration, project);
  if (isRefused(place)) return place;
  if (!batchable.has(place.directive.name)) return noDirectiveOfBatch;
  const table = tableText(place);
  const run = table === undefined ? [] : runAround(place, allOf(migration, project));
  if (table === undefined || run.length === 0) return notMovedIntoBatch;
  if (hasUnnamed(run, migration))
    return refusal('A table is not copied with a constraint that has no name: name it first.');
  const back = directivesBack(place.source).places.filter((each) => tableText(each) === table);
  const runsBack = separateRuns(back).filter((each) => each.some(({ directive }) => copied.has(directive.name)));
  const edits = [run, ...runsBack].map((each) => batchEdit(each, table));
  return [
    {
      title: `Alter ${table.replaceAll(/["']/g, '"')} in batch_alter_table`,
      safety: 'safe',
      edits: [{ kind: 'change', file: place.source.file, edits }],
    },
  ];
}

const noDirectiveOfBatch = refusal(
  'batch_alter_table has no directive for this, and copies the table for directives alone: write it as one of them.',
);
const notMovedIntoBatch = refusal(
  'The directive names a schema, shares its lines with others or stands in another block: write the batch by hand.',
);

function allOf(migration: Migration, project: Project): readonly DirectivePlace[] {
  return migration.forward.flatMap((each) => findDirectivePlace(each, migration, project) ?? []);
}

/** The table as it is written, of a directive of `op` that can move into a block; those with a schema are left alone. */
function tableText(place: DirectivePlace): string | undefined {
  const { directive, source } = place;
  const { name, schema } = tableParameterOf(directive.name);
  if (!batchable.has(directive.name) || directive.batch !== undefined || directive.arguments.has(schema))
    return undefined;
  const isPlain = isOnItsOwnLines(place) && blockAround(place, 'autocommit_block') === undefined;
  const value = directive.arguments.get(name);
  return isPlain && value?.module === source.module ? argumentText(place, name) : undefined;
}

/** The directives on the same table that stand one after the other, the given one among them. */
function runAround(place: DirectivePlace, all: readonly DirectivePlace[]): readonly DirectivePlace[] {
  const same = all.filter((each, index) => {
    const isFirst = all.findIndex(({ call }) => call === each.call) === index;
    return isFirst && tableText(each) === tableText(place);
  });
  return separateRuns(same).find((run) => run.some(({ call }) => call === place.call)) ?? [];
}

function separateRuns(places: readonly DirectivePlace[]): readonly (readonly DirectivePlace[])[] {
  const runs: DirectivePlace[][] = [];
  for (const place of places) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    const isNext =
      last?.siblings === place.siblings &&
      last.siblings.indexOf(last.statement) + 1 === place.siblings.indexOf(place.statement);
    if (run !== undefined && isNext) run.push(place);
    else runs.push([place]);
  }
  return runs;
}

/** A copy of the table gets no constraint without a name. */
function hasUnnamed(run: readonly DirectivePlace[], { forward }: Migration): boolean {
  return forward.some(
    (change) =>
      change.kind === 'AddConstraint' &&
      change.constraint.unnamed !== undefined &&
      change.constraint.unnamed !== 'named-by-convention' &&
      run.some(({ call }) => call === change.origin.call),
  );
}

const block = 'batch_op';

function batchEdit(run: readonly DirectivePlace[], table: string): TextEdit {
  const [first, last] = [run[0], run.at(-1)];
  if (first === undefined || last === undefined) throw new TypeError('A block has at least one statement.');
  const { text } = first.source;
  const indentation = indentationAt(text, first.statement.span.start);
  const lines = run.map((place, index) => {
    // The comments above the first one stay above the block.
    const comments = index === 0 ? '' : commentsAbove(place);
    return `    ${indentedCode(`${comments}${inBlock(place)}`, '    ')}`;
  });
  const code = [`with ${first.op}.batch_alter_table(${table}) as ${block}:`, ...lines].join('\n');
  const newText = indentedCode(code, indentation).replaceAll('\n', lineBreakOf(text));
  return { span: { start: first.statement.span.start, end: lineEndAfter(text, last.statement.span.end) }, newText };
}

function commentsAbove(place: DirectivePlace): string {
  const behind = behindOf(place);
  const comments = commentsOf(place);
  return behind === '' ? comments : comments.slice(0, comments.length - behind.length - 1);
}

/** The comment at the end of the line. */
function behindOf({ source, statement }: DirectivePlace): string {
  return source.text.slice(statement.span.end, lineEndAfter(source.text, statement.span.end)).trim();
}

/** The directive as one of `batch_op`, which knows its table. */
function inBlock(place: DirectivePlace): string {
  const { source, call, directive } = place;
  const { text, module } = source;
  const { name, position } = tableParameterOf(directive.name);
  const positional = call.arguments.filter((argument) => argument.name === undefined);
  const table: Argument | undefined = call.arguments.find((argument) => argument.name === name) ?? positional[position];
  const edits = [
    { span: call.callee.span, newText: `${block}.${directive.name}` },
    ...(table === undefined ? [] : [removeArgument({ text, module, call }, table)]),
    ...namesFormed(place),
  ];
  const comment = behindOf(place);
  return rewrittenCode(text, call.span, edits) + (comment === '' ? '' : `  ${comment}`);
}

/** `op.f("…")` inside the arguments. */
function namesFormed({ call, op }: DirectivePlace): readonly TextEdit[] {
  const found: TextEdit[] = [];
  const visit = (expression: Expression): void => {
    if (expression.kind === 'call' && dottedNameOf(expression.callee) === `${op}.f`) {
      found.push({ span: expression.callee.span, newText: `${block}.f` });
    }
    for (const child of childExpressionsOf(expression)) visit(child);
  };
  for (const argument of call.arguments) visit(argument.value);
  return found;
}
