import { containsSpan, type Span } from '../../base/span.ts';
import type { TextEdit } from '../../base/text-edit.ts';
import type { DjangoMigration } from '../../django/migration-file.ts';
import type { Project } from '../../project/project.ts';
import type { LiveModelImport, RunCode } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { childExpressionsOf, childStatementsOf, expressionsOf } from '../../syntax/child-expressions.ts';
import type { Expression, FunctionStatement, Statement } from '../../syntax/module.ts';
import { textAt } from '../data-function-site.ts';
import { insertAtHead } from '../edits/function-body.ts';
import { removeImportedName } from '../edits/imports.ts';
import { quoted, quoteOf } from '../edits/layout.ts';
import { type Answer, refusal } from '../fix.ts';
import { historicalBehavior } from '../historical-behavior.ts';
import { functionElsewhere } from '../refusals.ts';

/**
 * Takes a model from the state of the migration instead of the application's code: `apps.get_model(…)` at the head of
 * the function, without the import where nothing else needs it. Only where all uses stand in the function that the
 * `RunPython` names, where the model's app is known to come before, and where nothing is used that only the live class has.
 */
export function historicalModel(
  live: LiveModelImport,
  change: RunCode,
  migration: Migration,
  { project }: { readonly project: Project },
): readonly Answer[] {
  const source = project.source(migration.id);
  const definition = change.function;
  if (source === undefined || definition?.kind !== 'function') return [];
  if (change.file !== source.file) return functionElsewhere;
  const edits = editsFor(live, definition, source);
  if (edits === undefined)
    return refusal(`"${live.name}" is used in more ways than taking it from \`apps\` could replace.`);
  if (live.app === undefined || !comesBefore(live.app, source, project)) {
    return refusal(`No dependency makes this migration run after those that create "${live.name}".`);
  }
  const quote = quoteOf(source.text);
  const behavior = historicalBehavior(live, textAt(source, definition.span), source, project);
  if (behavior === 'broken')
    return refusal(`The function uses methods or constants of "${live.name}", which historical models do not have.`);
  return [
    {
      title: `Take "${live.name}" from the historical models: apps.get_model(${quoted(live.app, quote)}, ${quoted(live.name, quote)})`,
      safety: behavior === 'same' ? 'safe' : 'review',
      edits: [{ kind: 'change', file: source.file, edits }],
    },
  ];
}

function editsFor(
  live: LiveModelImport,
  definition: FunctionStatement,
  source: DjangoMigration,
): readonly TextEdit[] | undefined {
  const [apps] = definition.parameters;
  if (apps?.form !== 'plain' || live.uses.some((use) => !containsSpan(definition.span, use))) return undefined;
  const written = live.uses.map((use) => textAt(source, use));
  const [path = ''] = written;
  const name = path.includes('.') ? live.name : path;
  const bound = path.split('.')[0] ?? path;
  const others = occurrences(source.module.body, bound).filter(
    (span) => !live.uses.some((use) => containsSpan(use, span)),
  );
  const isShadowed = others.some((span) => containsSpan(definition.span, span)) && !path.includes('.');
  const isTaken = path.includes('.') && occurrences(source.module.body, name).length > 0;
  if (isShadowed || isTaken || written.some((each) => each !== path)) return undefined;
  const quote = quoteOf(source.text);
  const line = `${name} = ${apps.name}.get_model(${quoted(live.app ?? '', quote)}, ${quoted(live.name, quote)})`;
  const renamed = path.includes('.') ? live.uses.map((span) => ({ span, newText: name })) : [];
  const removed = others.length > 0 ? [] : removeImportedName(source.text, source.module, live.at);
  return [...removed, insertAtHead(source.text, definition, [line]), ...renamed];
}

/** Whether `apps.get_model` will find the app: its own, or one that a migration before this one belongs to. */
function comesBefore(app: string, source: DjangoMigration, { graph }: Project): boolean {
  if (app === source.app || source.dependencies.some((dependency) => dependency.app === app)) return true;
  return [...graph.ancestorsOf(`${source.app}.${source.name}`)].some((id) => graph.groupOf(id) === app);
}

/** Every place where a name is used, imports left out. */
function occurrences(statements: readonly Statement[], name: string): readonly Span[] {
  return statements.flatMap((statement) => [
    ...expressionsOf(statement).flatMap((expression) => namesIn(expression, name)),
    ...occurrences(childStatementsOf(statement), name),
  ]);
}

function namesIn(expression: Expression, name: string): readonly Span[] {
  if (expression.kind === 'name') return expression.name === name ? [expression.span] : [];
  return childExpressionsOf(expression).flatMap((child) => namesIn(child, name));
}
