import { type CancellationToken, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import { withSqlParser } from '../sql/postgresql/parser-source.ts';
import type { OwedStep, OwedStepsResult } from './protocol.ts';
import { yieldToMessages } from './refresh-queue.ts';
import type { Running } from './running.ts';
import type { OpenedFolder } from './session.ts';

/**
 * Everything that is owed in the workspace, migration by migration: other messages get their turn in between.
 *
 * @throws {ResponseError} of `RequestCancelled`
 */
export async function owedSteps(
  { session }: Running,
  _params: unknown,
  cancellation: CancellationToken,
): Promise<OwedStepsResult> {
  const work = session.openAll().flatMap((folder) => folder.migrationFiles().map((file) => ({ folder, file })));
  const steps: OwedStep[] = [];
  for (const { folder, file } of work) {
    if (cancellation.isCancellationRequested) {
      throw new ResponseError(LSPErrorCodes.RequestCancelled, 'The list was cancelled.');
    }
    steps.push(...(await withSqlParser(() => stepsIn(file, folder))));
    await yieldToMessages();
  }
  return { steps: steps.sort(comparePlaces) };

  function stepsIn(file: string, folder: OpenedFolder): readonly OwedStep[] {
    return folder.offers(file).map(({ span, migration, owed }) => ({
      uri: session.uris.uriOf(file),
      range: session.rangeOf(file, span),
      migration,
      message: owed,
    }));
  }
}

function comparePlaces(one: OwedStep, other: OwedStep): number {
  if (one.uri !== other.uri) return one.uri < other.uri ? -1 : 1;
  const [first, second] = [one.range.start, other.range.start];
  return first.line - second.line || first.character - second.character;
}
