import { access, constants } from 'node:fs/promises';
import { run } from './command.ts';

const CHROMIUM_PATHS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Flags under which Chromium runs as any user, without a display and without talking to anyone but the page. */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A package of the system that a test needs and that this machine lacks. */
export class SystemPackageMissing extends Error {
  override readonly name = 'SystemPackageMissing';
}

/** Path of Chromium or Chrome: `CHROMIUM_PATH`, else the usual places, else installed where that is allowed. */
export async function provideChromium(): Promise<string> {
  const known = process.env['CHROMIUM_PATH'];
  const found = await findFirst(known === undefined ? CHROMIUM_PATHS : [known]);
  if (found !== undefined) return found;
  await installOnDebian(['chromium'], 'Chromium is missing. Install it, or set CHROMIUM_PATH to where it is.');
  return '/usr/bin/chromium';
}

/** Headers and tools that the native modules of code-server are compiled with. */
export async function provideNativeBuild(): Promise<void> {
  const wanted = [
    ['libkrb5-dev', '/usr/include/krb5.h'],
    ['libx11-dev', '/usr/include/X11/Xlib.h'],
    ['libxkbfile-dev', '/usr/include/X11/extensions/XKBfile.h'],
    ['libsecret-1-dev', '/usr/include/libsecret-1/libsecret/secret.h'],
    ['g++', '/usr/bin/g++'],
    ['make', '/usr/bin/make'],
    ['python3', '/usr/bin/python3'],
  ] as const;
  const missing: string[] = [];
  for (const [name, file] of wanted) {
    if (!(await exists(file))) missing.push(name);
  }
  if (missing.length === 0) return;
  await installOnDebian(missing, `Building code-server needs ${missing.join(', ')} (names of Debian's packages).`);
}

/** Only root on Debian gets packages installed; anyone else is told what is missing. */
async function installOnDebian(packages: readonly string[], whatIsMissing: string): Promise<void> {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || !(await exists('/etc/debian_version'))) throw new SystemPackageMissing(whatIsMissing);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-qq'], { env });
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], { env });
}

async function findFirst(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    if (await exists(path)) return path;
  }
  return undefined;
}

async function exists(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}
