import { ProgressLocation, type QuickPickItem, Range, Selection, Uri, window, workspace } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { type OwedStep, type OwedStepsResult, owedStepsMethod } from '../../../server/src/lsp/protocol.ts';
import { counted } from './level-counts.ts';

interface StepItem extends QuickPickItem {
  readonly step: OwedStep;
}

/** Lists what was left for a later release; the step that is picked is shown, with its code action in the lightbulb. */
export async function showOwedSteps(client: BaseLanguageClient): Promise<void> {
  const options = { location: ProgressLocation.Window, title: 'Looking for owed steps' };
  const { steps } = await window.withProgress(options, () => client.sendRequest<OwedStepsResult>(owedStepsMethod));
  if (steps.length === 0) {
    // Not awaited: the command is over, whenever the message is closed.
    void window.showInformationMessage('No step is owed: nothing was left for a later release.');
    return;
  }
  const picked = await window.showQuickPick(steps.map(itemOf), {
    title: `${counted(steps.length, 'owed step')}`,
    placeHolder: 'Open the migration that left the step',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (picked !== undefined) await showStep(picked.step);
}

function itemOf(step: OwedStep): StepItem {
  const path = workspace.asRelativePath(Uri.parse(step.uri));
  return { label: step.message, description: step.migration, detail: `${path}:${step.range.start.line + 1}`, step };
}

async function showStep({ uri, range }: OwedStep): Promise<void> {
  const { start, end } = range;
  const editor = await window.showTextDocument(Uri.parse(uri));
  const place = new Range(start.line, start.character, end.line, end.character);
  editor.selection = new Selection(place.start, place.start);
  editor.revealRange(place);
}
