import type { FrameworkRelease, RunnableRelease } from './framework-release.ts';
import { releasesThatRun } from './machine-pythons.ts';

function alembic(
  series: string,
  version: string,
  sqlAlchemy: string,
  pythons: FrameworkRelease['pythons'],
): FrameworkRelease {
  const requirements = `alembic==${version}\nSQLAlchemy==${sqlAlchemy}\npsycopg[binary]==3.3.9\n`;
  return { framework: 'alembic', series, version, label: `Alembic ${series}`, pythons, requirements };
}

/** Oldest first, each with the SQLAlchemy 2 of its time. */
const supported: readonly FrameworkRelease[] = [
  alembic('1.13', '1.13.3', '2.0.58', [10, 13]),
  alembic('1.20', '1.20.1', '2.1.9', [10, 14]),
];

let found: Promise<readonly RunnableRelease[]> | undefined;

/** The releases of Alembic that the proof runs on, oldest first. STEPWISE_ALEMBIC=1.13 picks one, to try something out. */
export function alembicReleases(): Promise<readonly RunnableRelease[]> {
  found ??= releasesThatRun(supported, supported);
  const only = process.env['STEPWISE_ALEMBIC'];
  return only === undefined ? found : found.then((all) => all.filter(({ series }) => series === only));
}
