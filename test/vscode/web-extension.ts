import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page, Request } from 'playwright-core';
import { provideServer } from './host/provision.ts';
import type { TestRun } from './host/test-run.ts';
import { startVscodeServer } from './host/vscode-server.ts';
import { openWorkbench, writeUserSettings } from './host/workbench.ts';
import { openFile, runCommand, waitForWorkbench } from './host/workbench-actions.ts';
import type { SuiteEvent } from './suite-results.ts';

const SIZE = { width: 1200, height: 800 };
/** Where the page finds the extension: below its own origin, which is all that its security policy lets it read. */
const EXTENSION_PATH = '/stepwise-extension';

interface Check {
  readonly title: string;
  readonly run: (page: Page) => Promise<void>;
}

/** In order: each goes on from where the one before has left the workbench. */
const checks: readonly Check[] = [
  {
    title: 'underlines a finding and counts it',
    async run(page) {
      await openFile(page, '0003_product_title_index.py');
      await page.locator('.squiggly-warning').first().waitFor();
      await page
        .locator('.statusbar-item')
        .filter({ hasText: /Stepwise: .*1 high/ })
        .waitFor();
    },
  },
  {
    title: 'opens the page of a rule',
    async run(page) {
      await runCommand(page, 'Stepwise: Open Rule Page');
      await page.getByPlaceholder('Choose a rule').fill('drop-column');
      await page.locator('.quick-input-list .monaco-list-row').first().filter({ hasText: 'drop-column' }).click();
      await pageHeading(page, 'drop-column').waitFor();
    },
  },
  {
    title: 'gets a new worker from Restart Server',
    async run(page) {
      await openFile(page, '0003_product_title_index.py');
      const isServer = (request: Request) => request.url().endsWith('/dist/server-web.js');
      await Promise.all([
        page.context().waitForEvent('request', isServer),
        runCommand(page, 'Stepwise: Restart Server'),
      ]);
      await page.locator('.squiggly-warning').first().waitFor();
    },
  },
];

/** The title of a rule's page in the Markdown preview. */
function pageHeading(page: Page, rule: string): Locator {
  const preview = page.frameLocator('iframe.webview').frameLocator('#active-frame');
  return preview.getByRole('heading', { name: rule, exact: true });
}

/**
 * Runs the extension's web entry in the browser's own extension host, its server in a worker, and looks at the screen.
 * VS Code runs no tests inside that host that could be shared with the others.
 */
export async function runInBrowser({
  workspace,
  extension,
  home,
}: Pick<TestRun, 'workspace' | 'extension' | 'home'>): Promise<readonly SuiteEvent[]> {
  const installation = await provideServer();
  await writeUserSettings(home, {});
  const server = await startVscodeServer(installation, { home, env: process.env, flags: [] });
  try {
    const options = { port: server.port, folder: workspace, payload: [], size: SIZE };
    const { page, browser } = await openWorkbench(options, (opened) => serveExtension(opened, server.port, extension));
    try {
      await waitForWorkbench(page);
      return await runChecks(page);
    } finally {
      await browser.close();
    }
  } finally {
    await server.stop();
  }
}

async function runChecks(page: Page): Promise<readonly SuiteEvent[]> {
  const events: SuiteEvent[] = [];
  for (const { title, run } of checks) {
    const started = Date.now();
    const fullTitle = `the extension in the browser ${title}`;
    const event = await run(page).then(
      (): SuiteEvent => ({ kind: 'pass', title: fullTitle, milliseconds: Date.now() - started }),
      (error: Error): SuiteEvent => ({ kind: 'fail', title: fullTitle, message: error.stack ?? error.message }),
    );
    events.push(event);
  }
  return events;
}

/** Makes the page load the extension from below its own address, as it loads the ones that are built in. */
async function serveExtension(page: Page, port: number, extension: string): Promise<void> {
  await page.context().route(`**${EXTENSION_PATH}/**`, async (route) => {
    const path = decodeURIComponent(new URL(route.request().url()).pathname).slice(EXTENSION_PATH.length);
    const file = join(extension, path);
    await route.fulfill(existsSync(file) ? { path: file } : { status: 404 });
  });
  const location = JSON.stringify({ scheme: 'http', authority: `127.0.0.1:${port}`, path: EXTENSION_PATH });
  // The page's configuration stands in an element that is there before the script that reads it.
  await page.addInitScript(`
    const observer = new MutationObserver(() => {
      const element = document.getElementById('vscode-workbench-web-configuration');
      if (element === null) return;
      observer.disconnect();
      const configuration = JSON.parse(element.getAttribute('data-settings'));
      configuration.additionalBuiltinExtensions = [${location}];
      element.setAttribute('data-settings', JSON.stringify(configuration));
    });
    observer.observe(document, { childList: true, subtree: true });
  `);
}
