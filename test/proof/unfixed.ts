import { type Command, type Deploy, type MigrationKey, RunFailed, runFar } from './driver.ts';
import type { ExampleProof } from './examples/example-proof.ts';
import { type Laboratory, withCopy } from './laboratory.ts';
import { migrationIn } from './migration-file.ts';
import { type Snapshot, withoutRows } from './snapshot.ts';

/** What a migration does as it is written. */
export interface Unfixed {
  /** What it raises on tables with rows. */
  readonly failure?: RunFailed | undefined;
  /** What a fix is compared with. Where the migration fails: what it would have made of the schema, and the rows before it. */
  readonly after: Snapshot;
  /** What releases could not do beside it. */
  readonly deploy: Pick<Deploy, 'old' | 'new' | 'watched' | 'release'>;
  /** What it leaves when it is taken back, or what that raises. */
  readonly rolledBack?: readonly string[] | RunFailed | undefined;
  /** What migrating once more raises after that. */
  readonly againFailure?: RunFailed | undefined;
}

/** What an unfixed migration is run with. */
export interface UnfixedSetting {
  readonly laboratory: Laboratory;
  readonly folder: string;
  /** Of the migration. */
  readonly file: string;
  readonly prepared: string;
  readonly applied: readonly MigrationKey[];
  readonly before: Snapshot;
  readonly proof: ExampleProof;
}

/** Opens the guards that fixes write. */
export const ALLOWED = { ALLOW_DESTRUCTIVE_MIGRATIONS: '1' };

/** The first number of the rows of releases. */
export const FIRST_NUMBER = 900_000;

export function runUnfixed(setting: UnfixedSetting): Promise<Unfixed> {
  const { laboratory, folder, prepared, applied } = setting;
  return withCopy(laboratory, prepared, async (database) => {
    const session = { database, project: folder, environment: ALLOWED };
    const commands = [
      { do: 'deploy', old: applied, number: FIRST_NUMBER },
      { do: 'schema' },
      { do: 'rows' },
      { do: 'migrate-back', to: applied },
      { do: 'schema' },
      { do: 'migrate' },
    ] as const;
    const { results, failure } = await runFar(laboratory.driver, session, commands);
    const [deploy, schema, rows, , rolledBack] = results;
    if (deploy === undefined || schema === undefined || rows === undefined) {
      return { ...(await runAsMeant(setting)), failure };
    }
    const after = { schema, rows: withoutRows(rows, deploy.rows) };
    return rolledBack === undefined
      ? { after, deploy, rolledBack: failure }
      : { after, deploy, rolledBack, againFailure: failure };
  });
}

/**
 * What a migration that fails was to do: where Django lets it do what it refuses, or on empty tables. Where both fail
 * nobody knows, and what was before counts.
 */
async function runAsMeant(setting: UnfixedSetting): Promise<Unfixed> {
  const { laboratory, folder, file, prepared, applied, before, proof } = setting;
  const { driver } = laboratory;
  const session = { project: folder, environment: ALLOWED };
  const deploy = { do: 'deploy', old: applied, number: FIRST_NUMBER, lenient: true } as const;
  const back = { do: 'migrate-back', to: applied } as const;
  const lenient = await withCopy(laboratory, prepared, (database) =>
    runFar(driver, { ...session, database }, [
      deploy,
      { do: 'schema' },
      { do: 'rows' },
      back,
      { do: 'schema' },
      { do: 'deploy', number: FIRST_NUMBER + 500, lenient: true },
    ]),
  );
  const [seen, schema, rows, , rolledBack] = lenient.results;
  if (seen !== undefined && schema !== undefined && rows !== undefined) {
    const againFailure = rolledBack === undefined ? undefined : lenient.failure;
    return { deploy: seen, after: { schema, rows: withoutRows(rows, seen.rows) }, rolledBack, againFailure };
  }
  const begin: readonly Command[] = [
    { do: 'migrate-before', migration: migrationIn(file) },
    { do: 'execute', sql: proof.tables ?? [] },
  ];
  const empty = await withCopy(laboratory, 'template0', async (database) => {
    const begun = await runFar(driver, { ...session, database }, begin);
    return begun.failure === undefined
      ? (await runFar(driver, { ...session, database }, [deploy, { do: 'schema' }])).results
      : [];
  });
  const [meant, emptied] = empty;
  if (meant !== undefined && emptied !== undefined) {
    return { deploy: meant, after: { schema: emptied, rows: before.rows } };
  }
  return { deploy: { old: [], new: [], watched: [] }, after: before };
}

/** What could be seen of the harm that a migration does as it is written, in words for the table. */
export function harmOf({ failure, after, deploy, rolledBack }: Unfixed, before: Snapshot): readonly string[] {
  const kept = new Set(after.rows);
  const signs: readonly (readonly [word: string, isSeen: boolean])[] = [
    ['fails', failure !== undefined],
    ['blocks', deploy.watched.some(({ busy }) => busy.length > 0)],
    ['changes rows', before.rows.some((row) => !kept.has(row))],
    ['breaks the release before', deploy.old.length > 0],
    ['no way back', rolledBack instanceof RunFailed],
  ];
  return signs.flatMap(([word, isSeen]) => (isSeen ? [word] : []));
}
