import type { Page } from 'playwright-core';

/** Waits until the workbench shows the files of its folder. */
export async function waitForWorkbench(page: Page): Promise<void> {
  await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout: 60_000 });
}

/** Opens a file by its name, as Ctrl+P does. */
export async function openFile(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+P');
  await pick(page, name, name);
  await page.locator('.tab.active').getByText(name).waitFor();
}

/** Runs a command from the command palette; does not wait for what it does. */
export async function runCommand(page: Page, title: string): Promise<void> {
  await page.keyboard.press('F1');
  await pick(page, `>${title}`, title);
}

/** Puts the cursor somewhere; lines and columns count from 1. */
export async function goTo(page: Page, { line, column }: { readonly line: number; readonly column: number }) {
  await page.keyboard.press('Control+G');
  await pick(page, `:${line}:${column}`, `line ${line} at column ${column}`);
  await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
}

/** Types into the quick input, and accepts the first row once it is the one that was meant. */
async function pick(page: Page, text: string, row: string): Promise<void> {
  const widget = page.locator('.quick-input-widget');
  await widget.locator('input').first().fill(text);
  await widget.locator('.monaco-list-row').first().filter({ hasText: row }).waitFor();
  await page.keyboard.press('Enter');
}
