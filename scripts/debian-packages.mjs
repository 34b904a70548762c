/** Installs what suites need of Debian, where that may be done unasked. */
import { existsSync } from 'node:fs';

/** Whether system packages may be installed here without asking: as root on Debian. */
export function canInstallPackages() {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version');
}

/** Suites run beside each other: one that is installing something is waited for. */
const patient = ['-o', 'DPkg::Lock::Timeout=300'];

/**
 * The arguments of `apt-get`, call by call.
 *
 * @param {readonly string[]} packages
 */
export function aptCalls(packages) {
  return [
    ['update', '-qq', ...patient],
    ['install', '-y', '-qq', '--no-install-recommends', ...patient, ...packages],
  ];
}
