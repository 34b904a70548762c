import {
  type CancellationToken,
  commands,
  type LogOutputChannel,
  type Progress,
  ProgressLocation,
  window,
  workspace,
} from 'vscode';
import { type BaseLanguageClient, LSPErrorCodes, ResponseError, WorkDoneProgress } from 'vscode-languageclient';
import {
  type CheckWorkspaceParams,
  type CheckWorkspaceResult,
  checkWorkspaceMethod,
} from '../../../server/src/lsp/protocol.ts';
import { counted, describedCounts } from './level-counts.ts';

type Report = Progress<{ message?: string; increment?: number }>;

const showLog = 'Show Log';

/** Checks the whole workspace; ends in the Problems panel and a message with the counts. */
export async function checkAll(client: BaseLanguageClient, log: LogOutputChannel): Promise<void> {
  if (workspace.getConfiguration('stepwise').get('enable') === false) {
    // Not awaited, here and below: the command is over, whenever the message is closed.
    void window.showInformationMessage('Nothing was checked: the setting "stepwise.enable" is off.');
    return;
  }
  const options = { location: ProgressLocation.Notification, title: 'Checking migrations', cancellable: true };
  const result = await window.withProgress(options, (report, token) => requestCheck(client, report, token));
  if (result === undefined) return;

  for (const { file, message } of result.problems) log.warn(`${file}: ${message}`);
  if (describedCounts(result.summary) !== '') await commands.executeCommand('workbench.panel.markers.view.focus');
  void showSummary(result, log);
}

async function requestCheck(
  client: BaseLanguageClient,
  report: Report,
  token: CancellationToken,
): Promise<CheckWorkspaceResult | undefined> {
  const workDoneToken = `stepwise/check/${Date.now()}`;
  const params: CheckWorkspaceParams = { workDoneToken };
  let done = 0;
  const listener = client.onProgress(WorkDoneProgress.type, workDoneToken, (value) => {
    if (value.kind === 'end') return;
    const percentage = value.percentage ?? done;
    report.report({ increment: percentage - done, ...(value.message !== undefined && { message: value.message }) });
    done = percentage;
  });
  try {
    const result = await client.sendRequest<CheckWorkspaceResult>(checkWorkspaceMethod, params, token);
    // The answer may have been on its way already.
    return token.isCancellationRequested ? undefined : result;
  } catch (error) {
    if (token.isCancellationRequested || isCancellation(error)) return undefined;
    throw error;
  } finally {
    listener.dispose();
  }
}

function isCancellation(error: unknown): boolean {
  return error instanceof ResponseError && error.code === LSPErrorCodes.RequestCancelled;
}

async function showSummary({ summary, problems }: CheckWorkspaceResult, log: LogOutputChannel): Promise<void> {
  const found = describedCounts(summary);
  const checked = `Checked ${counted(summary.migrations, 'migration')}: ${found === '' ? 'nothing found' : found}.`;
  if (problems.length === 0) {
    await window.showInformationMessage(checked);
    return;
  }
  const unread = `${counted(problems.length, 'file')} could not be read.`;
  const answer = await window.showWarningMessage(`${checked} ${unread}`, showLog);
  if (answer === showLog) log.show();
}
