import { provideServer } from './provision.ts';
import type { TestRun } from './test-run.ts';
import { startVscodeServer } from './vscode-server.ts';
import { developmentPayload, openWorkbench, writeUserSettings } from './workbench.ts';

const SIZE = { width: 1400, height: 900 };

/** Runs the suite in the VS Code that code-server carries, with its workbench in a headless Chromium. */
export async function runInServer(run: TestRun): Promise<void> {
  const installation = await provideServer();
  await writeUserSettings(run.home, {});
  const server = await startVscodeServer(installation, {
    home: run.home,
    env: { ...process.env, ...run.env },
    // Without it a built workbench ignores the paths of a development extension and its tests.
    flags: ['--enable-smoke-test-driver'],
  });
  try {
    await runInWorkbench(server.port, run);
  } finally {
    await server.stop();
  }
}

/** The page calls `codeAutomationExit` when the tests have ended. */
async function runInWorkbench(port: number, run: TestRun): Promise<void> {
  const ended = new AbortController();
  const payload = developmentPayload(port, run.extension, run.tests);
  const { browser } = await openWorkbench({ port, folder: run.workspace, payload, size: SIZE }, async (page) => {
    await page.exposeFunction('codeAutomationExit', () => ended.abort());
    await page.exposeFunction('codeAutomationLog', () => undefined);
  });
  try {
    await abortOrTimeout(ended.signal, run.timeout);
  } finally {
    await browser.close();
  }
}

function abortOrTimeout(signal: AbortSignal, timeout: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`The suite did not end in ${timeout / 1000} s.`)), timeout);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
