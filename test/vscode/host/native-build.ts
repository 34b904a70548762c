import { existsSync } from 'node:fs';
import { canInstallPackages } from '../../../scripts/debian-packages.mjs';
import { installPackages } from './install-packages.ts';

/** What the native modules of code-server are compiled with: names of Debian's packages and a file of each. */
const needed = [
  ['libkrb5-dev', '/usr/include/gssapi/gssapi.h'],
  ['libx11-dev', '/usr/include/X11/Xlib.h'],
  ['libxkbfile-dev', '/usr/include/X11/extensions/XKBfile.h'],
  ['libsecret-1-dev', '/usr/include/libsecret-1/libsecret/secret.h'],
  ['g++', '/usr/bin/g++'],
  ['make', '/usr/bin/make'],
  ['python3', '/usr/bin/python3'],
] as const;

/** Packages of the system that a test needs and that this machine lacks. */
export class SystemPackagesMissing extends Error {
  override readonly name = 'SystemPackagesMissing';
}

/** Installs what is missing where that may be done unasked; elsewhere says what is missing. */
export async function provideNativeBuild(): Promise<void> {
  const missing = needed.filter(([, file]) => !existsSync(file)).map(([name]) => name);
  if (missing.length === 0) return;
  if (!canInstallPackages()) {
    throw new SystemPackagesMissing(
      `Building code-server needs ${missing.join(', ')} (the names of Debian's packages).`,
    );
  }
  await installPackages(missing);
}
