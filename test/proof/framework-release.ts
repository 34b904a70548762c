/** A release of Django or Alembic that the proof runs on. */
export interface FrameworkRelease {
  readonly framework: 'django' | 'alembic';
  /** `5.2` */
  readonly series: string;
  readonly version: string;
  /** `Django 5.2` */
  readonly label: string;
  /** The Python 3 that it runs on: first and last minor version. */
  readonly pythons: readonly [first: number, last: number];
  /** What its Python has installed, one requirement a line. */
  readonly requirements: string;
}

/** A release and a Python of this machine that runs it. */
export interface RunnableRelease extends FrameworkRelease {
  readonly python: string;
}

/** @param series `5.0` */
export function isBefore(release: FrameworkRelease, series: string): boolean {
  const [one, other] = [release.series, series].map((each) => each.split('.').map(Number));
  const [major = 0, minor = 0] = one ?? [];
  const [firstMajor = 0, firstMinor = 0] = other ?? [];
  return major === firstMajor ? minor < firstMinor : major < firstMajor;
}
