import { strict as assert } from 'node:assert/strict';
import { migrationSqlOf, sectionsOf } from '../../../server/src/engine/migration-sql.ts';
import type { JudgedMigration, Project } from '../../../server/src/project/project.ts';
import type { SqlOfMigration } from '../driver.ts';
import { hasVariables, inOneOrder, isSame, normalized, statementsIn, withoutDigests } from './sent-sql.ts';

/** How the statements of projects compare with those that their framework prints. */
export interface Tally {
  /** Word for word, but for what makes no difference. */
  exact: number;
  /** But for names that are made up. */
  names: number;
  /** Something in it is only known at run time. */
  open: number;
  /** Sent by operations of which it is said that what they send is not known. */
  unknown: number;
}

export function newTally(): Tally {
  return { exact: 0, names: 0, open: 0, unknown: 0 };
}

/** Stands for what an operation sends of which that is not known. */
const anything = Symbol('anything');
type Told = string | typeof anything;

/**
 * Asserts that each migration sends what its framework sends, statement by statement. `sqlmigrate` looks for names in a database
 * that its own statements have not changed yet: where that leads it astray, what is sent counts.
 */
export function assertSameSql(project: Project, migrations: readonly SqlOfMigration[], tally: Tally): void {
  const failures: string[] = [];
  for (const { app, name, collected, sent } of migrations) {
    // A revision belongs to no app.
    const id = app === '' ? name : `${app}.${name}`;
    const judged = project.migration(id);
    assert.ok(judged !== undefined, `${id} is not known.`);
    const ours = app === '' ? inOneOrder(toldBy(judged, project)) : toldBy(judged, project);
    const differences = [collected, sent].flatMap((sql) => {
      if (sql === undefined) return [];
      const theirs = statementsIn(sql).map(normalized);
      return [differenceFrom(ours, app === '' ? inOneOrder(theirs) : theirs)];
    });
    const [same] = differences.filter(({ difference }) => difference === undefined);
    if (same !== undefined) add(tally, same.tally);
    const [first] = differences;
    if (same !== undefined || first === undefined) continue;
    const written = migrationSqlOf(project, judged.migration.file);
    failures.push(`${id}\n${first.difference}\n\n${written}\n${collected ?? sent}`);
  }
  if (failures.length > 0) assert.fail(failures.join('\n'));
}

function differenceFrom(
  ours: readonly Told[],
  theirs: readonly string[],
): { readonly difference: string | undefined; readonly tally: Tally } {
  const tally = newTally();
  const difference = firstDifference(ours, theirs, tally);
  if (difference === undefined) return { difference, tally };
  const [one, other] = difference.map((each) => (each === anything ? '…' : (each ?? 'nothing')));
  return { difference: `- ${other}\n+ ${one}`, tally };
}

function add(tally: Tally, more: Tally): void {
  for (const key of ['exact', 'names', 'open', 'unknown'] as const) tally[key] += more[key];
}

function toldBy(judged: JudgedMigration, project: Project): readonly Told[] {
  return sectionsOf(judged, project)
    .flatMap(({ statements }) => statements)
    .flatMap(({ sql, notes }): readonly Told[] => {
      if (sql !== '') return statementsIn(sql).map(normalized);
      return notes.some((note) => note.startsWith('This runs Python')) ? [] : [anything];
    });
}

/** What comes after something unknown is looked for further on. */
function firstDifference(
  ours: readonly Told[],
  theirs: readonly string[],
  tally: Tally,
): readonly [Told | undefined, string | undefined] | undefined {
  let skips = false;
  let next = 0;
  for (const one of ours) {
    if (one === anything) {
      skips = true;
      continue;
    }
    while (skips && next < theirs.length && !isCounted(one, theirs[next], newTally())) {
      tally.unknown += 1;
      next += 1;
    }
    if (!isCounted(one, theirs[next], tally)) return [one, theirs[next]];
    next += 1;
    skips = false;
  }
  if (skips) tally.unknown += theirs.length - next;
  return skips || next === theirs.length ? undefined : [undefined, theirs[next]];
}

function isCounted(ours: string, theirs: string | undefined, tally: Tally): boolean {
  if (theirs === undefined) return false;
  if (ours === theirs) tally.exact += 1;
  else if (hasVariables(ours) && isSame(withoutDigests(ours), withoutDigests(theirs))) tally.open += 1;
  else if (withoutDigests(ours) === withoutDigests(theirs)) tally.names += 1;
  else return false;
  return true;
}
