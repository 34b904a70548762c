import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { QUIET_SETTINGS, type TestRun } from './test-run.ts';

/** Whether VS Code can be downloaded and started here; answers within a few seconds. */
export async function isElectronHostPossible(): Promise<boolean> {
  const hasDisplay = process.platform !== 'linux' || process.env['DISPLAY'] !== undefined;
  if (!hasDisplay) return false;
  return fetch('https://update.code.visualstudio.com/api/releases/stable', { signal: AbortSignal.timeout(5_000) }).then(
    (response) => response.ok,
    () => false,
  );
}

/** Runs the suite in a downloaded desktop VS Code. */
export async function runInElectron(run: TestRun): Promise<void> {
  const userData = join(run.home, 'user-data');
  await mkdir(join(userData, 'User'), { recursive: true });
  await writeFile(join(userData, 'User', 'settings.json'), JSON.stringify(QUIET_SETTINGS));
  const ended = runTests({
    extensionDevelopmentPath: run.extension,
    extensionTestsPath: run.tests,
    extensionTestsEnv: run.env,
    launchArgs: [
      run.workspace,
      ...['--user-data-dir', userData, '--extensions-dir', join(run.home, 'extensions')],
      // Chromium refuses to run as root in its sandbox.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...['--disable-workspace-trust', '--skip-welcome', '--skip-release-notes', '--disable-telemetry'],
    ],
  });
  await within(run.timeout, ended);
}

async function within(timeout: number, ended: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`The suite did not end in ${timeout / 1000} s.`)), timeout);
  });
  try {
    await Promise.race([ended, late]);
  } finally {
    clearTimeout(timer);
  }
}
