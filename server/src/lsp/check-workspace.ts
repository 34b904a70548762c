import {
  type CancellationToken,
  type Connection,
  LSPErrorCodes,
  ResponseError,
  WorkDoneProgress,
} from 'vscode-languageserver';
import type { FilePath } from '../base/file-path.ts';
import { type Level, levels } from '../base/level.ts';
import { countLevels } from '../engine/finding.ts';
import { withSqlParser } from '../sql/postgresql/parser-source.ts';
import type { CheckWorkspaceParams, CheckWorkspaceResult } from './protocol.ts';
import type { Publisher } from './publisher.ts';
import { yieldToMessages } from './refresh-queue.ts';
import type { OpenedFolder, Session } from './session.ts';

/** Longest stretch of work before other messages get their turn. */
const sliceMilliseconds = 20;

/**
 * Checks every migration of every folder and publishes what it finds.
 *
 * @throws {ResponseError} of `RequestCancelled`
 */
export async function checkWorkspace(
  { workDoneToken }: CheckWorkspaceParams,
  cancellation: CancellationToken,
  { connection, session, publisher }: { connection: Connection; session: Session; publisher: Publisher },
): Promise<CheckWorkspaceResult> {
  const progress = progressOf(connection, workDoneToken);
  progress.begin();
  try {
    const migrations = session.openAll().flatMap((folder) => folder.migrationFiles());
    const work = [...migrations, ...session.openAll().flatMap((folder) => folder.settingsFiles())];
    const counts = { critical: 0, high: 0, medium: 0, low: 0 };
    let sliceEnd = performance.now() + sliceMilliseconds;
    for (const [index, file] of work.entries()) {
      if (performance.now() >= sliceEnd) {
        progress.report(index, work.length);
        await yieldToMessages();
        sliceEnd = performance.now() + sliceMilliseconds;
      }
      if (cancellation.isCancellationRequested) {
        throw new ResponseError(LSPErrorCodes.RequestCancelled, 'The check was cancelled.');
      }
      add(counts, countLevels(await withSqlParser(() => publisher.publish(file))));
    }
    for (const folder of session.openAll()) publisher.publishSettings(folder);
    clearGone(publisher, work);
    const summary = { ...counts, files: migrations.length, migrations: migrations.length };
    return { summary, problems: session.openAll().flatMap((folder) => problemsOf(folder)) };
  } finally {
    progress.end();
  }
}

function add(counts: Record<Level, number>, more: Readonly<Record<Level, number>>): void {
  for (const level of levels) counts[level] += more[level];
}

/** What is shown for files that are no migrations any more. */
function clearGone(publisher: Publisher, work: readonly FilePath[]): void {
  const checked = new Set(work);
  for (const file of publisher.files()) {
    if (!checked.has(file) && file.endsWith('.py')) publisher.refresh(file);
  }
}

function problemsOf(folder: OpenedFolder): CheckWorkspaceResult['problems'] {
  const shown = (file: FilePath) => (file.startsWith(`${folder.root}/`) ? file.slice(folder.root.length + 1) : file);
  return [...folder.readProblems(), ...folder.settingProblems()].map(({ file, message }) => ({
    file: shown(file),
    message,
  }));
}

function progressOf(connection: Connection, token: CheckWorkspaceParams['workDoneToken']) {
  if (token === undefined) return { begin: nothing, report: nothing, end: nothing };
  return {
    begin: () =>
      void connection.sendProgress(WorkDoneProgress.type, token, {
        kind: 'begin',
        title: 'Checking migrations',
        cancellable: true,
        percentage: 0,
      }),
    report: (done: number, all: number) =>
      void connection.sendProgress(WorkDoneProgress.type, token, {
        kind: 'report',
        message: `${done} of ${all}`,
        percentage: Math.floor((100 * done) / all),
      }),
    end: () => void connection.sendProgress(WorkDoneProgress.type, token, { kind: 'end' }),
  };
}

function nothing(): void {
  // A client without a token wants to hear nothing.
}
