/** Finds the Chromium that the browser tests drive, and installs it where that is safe to do unasked. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { aptCalls, canInstallPackages } from './debian-packages.mjs';

const candidates = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Flags for a browser that makes no connections of its own. */
export const chromiumFlags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The path of a Chromium or Chrome; `CHROMIUM` names one explicitly. */
export function findChromium() {
  const named = process.env['CHROMIUM'];
  return named === undefined ? candidates.find((path) => existsSync(path)) : named;
}

/** What to tell somebody whose machine has no Chromium. */
export const chromiumMissing =
  'Chromium is missing: install it (Debian: apt-get install chromium) or name one in the environment variable CHROMIUM.';

/** Installs Debian packages when running as root on Debian; elsewhere only says what is missing. */
export function ensureChromium() {
  if (findChromium() !== undefined) return;
  if (!canInstallPackages()) {
    console.error(chromiumMissing);
    return;
  }
  console.log('Installing Chromium …');
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of aptCalls(['chromium'])) {
    const { status } = spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env: environment });
    if (status !== 0) console.error(`apt-get ${args.join(' ')} ended with exit code ${status}`);
  }
}
