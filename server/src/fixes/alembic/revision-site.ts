import { type Directive, directiveOf } from '../../alembic/directives.ts';
import { performedBy } from '../../alembic/performed.ts';
import type { AlembicRevision, RevisionFunction } from '../../alembic/revision-file.ts';
import { containsSpan } from '../../base/span.ts';
import type { Project } from '../../project/project.ts';
import type { Change } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import type {
  CallExpression,
  Expression,
  ExpressionStatement,
  FunctionStatement,
  Statement,
  WithStatement,
} from '../../syntax/module.ts';
import type { PerformedCall } from '../../syntax/performed-call.ts';
import { isFirstOnLine } from '../edits/layout.ts';
import { isRefused, type Refused, refusal } from '../fix.ts';
import { severalDatabases } from '../refusals.ts';
import { opImportOf } from './revision-text.ts';

/** A statement of `upgrade()` or `downgrade()` that is nothing but a call, and runs once whatever happens. */
export interface StatementPlace {
  readonly source: AlembicRevision;
  readonly definition: FunctionStatement;
  readonly statement: ExpressionStatement;
  readonly call: CallExpression;
  /** The statements beside it, itself included. */
  readonly siblings: readonly Statement[];
  /** The `with` blocks of Alembic that it stands in, outermost first. */
  readonly blocks: readonly WithStatement[];
  readonly performed: PerformedCall;
}

/** A directive as it is written. */
export interface DirectivePlace extends StatementPlace {
  readonly directive: Directive;
  /** What the file calls `alembic.op`. */
  readonly op: string;
}

/**
 * Where a change is written; undefined where an edit there would not be right: in loops, in helpers, under conditions, in
 * statements that do more, for one of several databases.
 */
export function findStatementPlace(change: Change, migration: Migration, project: Project): StatementPlace | undefined {
  const { origin, certainty } = change;
  const source = project.revision(migration.id);
  if (source === undefined || certainty === 'conditional') return undefined;
  const [upgrade, ...others] = source.upgrades;
  const places = upgrade === undefined || others.length > 0 ? [] : placesIn(upgrade, source);
  return places.find(({ call }) => call === origin.call);
}

export function findDirectivePlace(change: Change, migration: Migration, project: Project): DirectivePlace | undefined {
  const place = findStatementPlace(change, migration, project);
  return place && asDirective(place);
}

/** Refuses where {@link findStatementPlace} finds nothing in a revision. */
export function readStatementPlace(change: Change, migration: Migration, project: Project): StatementPlace | Refused {
  if (migration.framework !== 'alembic') return [];
  return findStatementPlace(change, migration, project) ?? refusalOfPlace(change, project.revision(migration.id));
}

/** Refuses where {@link findDirectivePlace} finds nothing in a revision. */
export function readDirectivePlace(change: Change, migration: Migration, project: Project): DirectivePlace | Refused {
  if (migration.framework !== 'alembic') return [];
  const place = readStatementPlace(change, migration, project);
  return isRefused(place) ? place : (asDirective(place) ?? refusal(noDirective));
}

function refusalOfPlace({ origin }: Change, source: AlembicRevision | undefined): Refused {
  const [upgrade, ...others] = source?.upgrades ?? [];
  if (source === undefined || upgrade === undefined || origin.call === undefined) return [];
  if (others.length > 0) return severalDatabases;
  const { definition, definedIn } = upgrade.value;
  const isInside = definedIn === source.module && containsSpan(definition.span, origin.call.span);
  return isInside ? refusal(notPlain) : refusal(inHelper);
}

const notPlain =
  'The directive stands under a condition, in a loop or in another statement, which would have to change with it.';
const noDirective = 'It is done by a call that is none of the directives of Alembic.';
const inHelper = 'The directive stands in a function that `upgrade()` calls, and others may call that as well.';

/** The directives of `downgrade()` that can be edited, and whether there are others. */
export function directivesBack(source: AlembicRevision): {
  readonly places: readonly DirectivePlace[];
  readonly isWhole: boolean;
} {
  const [downgrade, ...others] = source.downgrades;
  if (downgrade === undefined) return { places: [], isWhole: source.downgrades.length === 0 };
  const places = placesIn(downgrade, source).flatMap((place) => asDirective(place) ?? []);
  const directives = performedBy(downgrade).calls.filter(({ value }) => directiveOf(value) !== undefined);
  return { places, isWhole: others.length === 0 && directives.length === places.length };
}

export function asDirective(place: StatementPlace): DirectivePlace | undefined {
  const directive = directiveOf(place.performed.value);
  return directive && { ...place, directive, op: opImportOf(place.source).name };
}

const placesOf = new WeakMap<RevisionFunction, readonly StatementPlace[]>();

/** Many fixes ask for the statements of the same function. */
function placesIn(of: RevisionFunction, source: AlembicRevision): readonly StatementPlace[] {
  const places = placesOf.get(of) ?? findPlaces(of, source);
  placesOf.set(of, places);
  return places;
}

function findPlaces(of: RevisionFunction, source: AlembicRevision): readonly StatementPlace[] {
  const { definition } = of.value;
  if (definition.kind !== 'function' || of.value.definedIn !== source.module) return [];
  const performed = performedBy(of).calls;
  return statementsIn(definition.body, []).flatMap(({ statement, call, siblings, blocks }) => {
    const [only, ...others] = performed.filter(({ value }) => value.at === call && value.module === source.module);
    const isPlain = only !== undefined && others.length === 0 && only.certainty === 'certain';
    if (!isPlain || !isFirstOnLine(source.text, statement.span.start)) return [];
    return [{ source, definition, statement, call, siblings, blocks, performed: only }];
  });
}

type Written = Pick<StatementPlace, 'statement' | 'call' | 'siblings' | 'blocks'>;

function statementsIn(siblings: readonly Statement[], blocks: readonly WithStatement[]): readonly Written[] {
  return siblings.flatMap((statement) => {
    if (statement.broken) return [];
    if (statement.kind === 'expression' && statement.value.kind === 'call') {
      return [{ statement, call: statement.value, siblings, blocks }];
    }
    const isBlock = statement.kind === 'with' && statement.items.every(({ context }) => isBlockOfAlembic(context));
    return isBlock ? statementsIn(statement.body, [...blocks, statement]) : [];
  });
}

function isBlockOfAlembic(context: Expression): boolean {
  return isCallOf(context, 'batch_alter_table') || isCallOf(context, 'autocommit_block');
}

function isCallOf(expression: Expression, name: string): boolean {
  return expression.kind === 'call' && expression.callee.kind === 'attribute' && expression.callee.name === name;
}

/** The innermost block around a statement that is opened by the given function. */
export function blockAround(
  { blocks }: StatementPlace,
  name: 'autocommit_block' | 'batch_alter_table',
): WithStatement | undefined {
  return blocks.findLast(({ items }) => items.some(({ context }) => isCallOf(context, name)));
}

/** Whether a comment stands inside the call of a statement. */
export function hasComments({ source, call }: StatementPlace): boolean {
  return source.module.comments.some(({ span }) => containsSpan(call.span, span));
}
