import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { provideServer } from './host/provision.ts';
import { installExtension, startVscodeServer } from './host/vscode-server.ts';
import { openWorkbench, writeUserSettings } from './host/workbench.ts';
import { goTo, openFile, runCommand, waitForWorkbench } from './host/workbench-actions.ts';

/** Takes the pictures of docs/images from the packaged extension: `npm run screenshots`. */

const ROOT = resolve(import.meta.dirname, '..', '..');
const IMAGES = join(ROOT, 'docs', 'images');
const SIZE = { width: 1200, height: 720 };

const settings = {
  'breadcrumbs.enabled': false,
  'editor.fontSize': 14,
  'editor.minimap.enabled': false,
  'editor.stickyScroll.enabled': false,
  'editor.occurrencesHighlight': 'off',
  'editor.renderLineHighlight': 'none',
  'editor.scrollbar.horizontal': 'hidden',
  'explorer.compactFolders': false,
  'outline.showVariables': false,
  'window.commandCenter': false,
  'workbench.layoutControl.enabled': false,
};

const home = await mkdtemp(join(tmpdir(), 'stepwise-screenshots-'));
try {
  await takeScreenshots(process.argv[2] ?? join(ROOT, 'dist', 'stepwise.vsix'));
} finally {
  await rm(home, { recursive: true, force: true, maxRetries: 3 });
}

async function takeScreenshots(vsix: string): Promise<void> {
  await mkdir(IMAGES, { recursive: true });
  const folder = join(home, 'shop');
  await cp(join(ROOT, 'examples', 'shop'), folder, { recursive: true });
  const installation = await provideServer();
  const options = { home, env: process.env, flags: [] };
  await installExtension(installation, vsix, options);
  await writeUserSettings(home, settings);
  const server = await startVscodeServer(installation, options);
  try {
    const { page, browser } = await openWorkbench(
      { port: server.port, folder, payload: [], size: SIZE },
      async () => undefined,
    );
    try {
      await waitForWorkbench(page);
      await squiggles(page);
      await lightbulb(page);
      await sql(page);
      await problems(page);
    } catch (error) {
      await page.screenshot({ path: join(tmpdir(), 'stepwise-screenshots-failure.png') });
      throw error;
    } finally {
      await browser.close();
    }
  } finally {
    await server.stop();
  }
}

/** What is underlined, and what a hover says about it. */
async function squiggles(page: Page): Promise<void> {
  await openFile(page, '0003_clean_up.py');
  await page.locator('.squiggly-error').first().waitFor();
  await goTo(page, { line: 13, column: 14 });
  await page.keyboard.press('Control+K');
  await page.keyboard.press('Control+I');
  // The finding is there at once; the lock comes from the server.
  await page.locator('.monaco-hover a.code-link').first().waitFor();
  await page.locator('.monaco-hover li').filter({ hasText: 'ROW EXCLUSIVE' }).waitFor();
  await save(page, 'squiggles');
  await page.keyboard.press('Escape');
}

/** What the lightbulb offers there. */
async function lightbulb(page: Page): Promise<void> {
  await page.keyboard.press('Control+.');
  await page.locator('.action-widget .action').first().waitFor();
  await save(page, 'lightbulb');
  await page.keyboard.press('Escape');
}

/** A statement inside a string: colors, underline, and what it locks. */
async function sql(page: Page): Promise<void> {
  await openFile(page, '0002_faster_imports.py');
  await page.locator('.squiggly-warning').first().waitFor();
  await goTo(page, { line: 14, column: 20 });
  await page.keyboard.press('Control+K');
  await page.keyboard.press('Control+I');
  await page.locator('.monaco-hover li').filter({ hasText: 'SHARE' }).waitFor();
  await save(page, 'sql');
  await page.keyboard.press('Escape');
}

/** The whole workspace, checked. */
async function problems(page: Page): Promise<void> {
  await runCommand(page, 'View: Toggle Primary Side Bar Visibility');
  await runCommand(page, 'Stepwise: Check All Migrations');
  await page.locator('.notification-list-item-message').filter({ hasText: 'Checked' }).waitFor();
  await page.locator('.markers-panel .monaco-list-row').first().waitFor();
  await save(page, 'problems');
}

async function save(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(IMAGES, `${name}.png`), animations: 'disabled' });
  console.log(`wrote docs/images/${name}.png`);
}
