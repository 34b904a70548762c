import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { chromiumFlags, chromiumMissing, ensureChromium, findChromium } from '../../../scripts/chromium.mjs';
import { SystemPackagesMissing } from './native-build.ts';
import { QUIET_SETTINGS } from './test-run.ts';

export interface WorkbenchOptions {
  readonly port: number;
  readonly folder: string;
  /** What the workbench is told beside the folder; see `developmentPayload`. */
  readonly payload: readonly (readonly [string, string])[];
  readonly size: { readonly width: number; readonly height: number };
}

/** A browser with one page on the workbench that the server at `port` serves. */
export interface Workbench {
  readonly page: Page;
  readonly browser: Browser;
}

/** Address of a workbench that loads a development extension and runs its tests. */
export function developmentPayload(
  port: number,
  extension: string,
  tests: string,
): readonly (readonly [string, string])[] {
  const remote = (path: string) => `vscode-remote://127.0.0.1:${port}${path}`;
  return [
    ['extensionDevelopmentPath', remote(extension)],
    ['extensionTestsPath', remote(tests)],
  ];
}

/** Opens Chromium; `prepare` runs before the workbench is loaded. */
export async function openWorkbench(
  { port, folder, payload, size }: WorkbenchOptions,
  prepare: (page: Page) => Promise<void>,
): Promise<Workbench> {
  ensureChromium();
  const executablePath = findChromium();
  if (executablePath === undefined) throw new SystemPackagesMissing(chromiumMissing);
  const browser = await chromium.launch({ executablePath, args: [...chromiumFlags] });
  try {
    const page = await browser.newPage({ viewport: size, deviceScaleFactor: 1.5 });
    await prepare(page);
    const entries = JSON.stringify([...payload, ['skipWelcome', 'true']]);
    await page.goto(`http://127.0.0.1:${port}/?folder=${encodeURI(folder)}&payload=${encodeURIComponent(entries)}`);
    return { page, browser };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

/** Writes the user settings of a server that will run with this `home`. */
export async function writeUserSettings(home: string, extra: Readonly<Record<string, unknown>>): Promise<void> {
  const folder = join(home, 'data', 'data', 'User');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'settings.json'), JSON.stringify({ ...QUIET_SETTINGS, ...extra }, null, 2));
}
