import { aptCalls } from '../../../scripts/debian-packages.mjs';
import { run } from './command.ts';

/** Installs Debian packages; the caller knows that this may be done here. */
export async function installPackages(packages: readonly string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of aptCalls(packages)) await run('apt-get', args, { env });
}
