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
  /** Knows all that examples hold; what an older one does not know cannot be written there. */
  readonly knowsExamples: boolean;
  /** What its Python has installed, one requirement a line. */
  readonly requirements: string;
}

/** A release and a Python of this machine that runs it. */
export interface RunnableRelease extends FrameworkRelease {
  readonly python: string;
}
