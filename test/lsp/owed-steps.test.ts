import assert from 'node:assert/strict';
import { CancellationTokenSource } from 'vscode-languageserver';
import type { OwedStepsResult } from '../../server/src/lsp/protocol.ts';
import { owed, owing } from '../support/owed.ts';
import { type Editor, startEditor, stopEditors } from './editor.ts';

const leaving = 'shop/migrations/0002_leave.py';

async function stepsIn(editor: Editor): Promise<readonly string[]> {
  const { steps } = await editor.request<OwedStepsResult>('stepwise/owedSteps', null);
  const root = editor.uriOf('.').replace(/\/\.?$/, '');
  return steps.map(({ uri, range, message }) => `${uri.slice(root.length + 1)}:${range.start.line + 1} ${message}`);
}

describe('stepwise/owedSteps', () => {
  afterEach(stopEditors);

  it('lists what is owed in the whole workspace, by place', async () => {
    assert.deepEqual(await stepsIn(await startEditor(owing)), owed);
  });

  it('is asked without parameters, too', async () => {
    const editor = await startEditor(owing);
    const { steps } = await editor.connection.sendRequest<OwedStepsResult>('stepwise/owedSteps');
    assert.equal(steps.length, owed.length);
  });

  it('leads to the place where the step is offered', async () => {
    const editor = await startEditor(owing);
    await editor.open(leaving);
    const actions = await editor.actions(leaving, 'RemoveField("order", "note")', ['refactor.rewrite']);
    assert.deepEqual(
      actions.map(({ title }) => title),
      ['Write the migration that drops "note" of "shop_order" (in a later release) (writes 1 new migration)'],
    );
  });

  it('follows what is typed', async () => {
    const editor = await startEditor(owing);
    await editor.open(leaving);
    await editor.replace(leaving, 'migrations.RemoveField("order", "note"),', '');
    assert.deepEqual(await stepsIn(editor), owed.slice(1));
  });

  it('can be cancelled', async () => {
    const editor = await startEditor(owing);
    const source = new CancellationTokenSource();
    const answer = editor.connection.sendRequest('stepwise/owedSteps', null, source.token);
    source.cancel();
    await assert.rejects(answer, /cancelled/);
  });
});
