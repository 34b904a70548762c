import type { FrameworkRelease, RunnableRelease } from './framework-release.ts';
import { releasesThatRun } from './machine-pythons.ts';

function django(series: string, version: string, pythons: FrameworkRelease['pythons']): FrameworkRelease {
  const requirements = `Django==${version}\ndjango-pg-migration-tools==0.1.26\npsycopg[binary]==3.3.9\n`;
  return { framework: 'django', series, version, label: `Django ${series}`, pythons, requirements };
}

/** The one that everything else of the proof runs on. */
export const mainRelease = django('5.2', '5.2.19', [10, 14]);

/** Oldest first. The last one runs only where there is a Python that is new enough. */
const supported: readonly FrameworkRelease[] = [
  django('4.2', '4.2.30', [10, 12]),
  mainRelease,
  django('6.1', '6.1.3', [12, 14]),
];

let found: Promise<readonly RunnableRelease[]> | undefined;

/** The releases that run on this machine, oldest first. STEPWISE_DJANGO=4.2 picks one, to try something out. */
export function runnableReleases(): Promise<readonly RunnableRelease[]> {
  found ??= releasesThatRun(supported, supported.slice(0, -1));
  const only = process.env['STEPWISE_DJANGO'];
  return only === undefined ? found : found.then((all) => all.filter(({ series }) => series === only));
}
