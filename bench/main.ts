/**
 * `npm run bench`: how quick and how large the built server and command line are, each beside the least that could do the
 * job on this machine. Ends with exit code 1 when a target is missed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildYardsticks } from './bundles.ts';
import { generateProject, longMigration, writeProject } from './generate-project.ts';
import { generateRevisions } from './generate-revisions.ts';
import {
  measureColdCheck,
  measureKeystrokes,
  measureMemory,
  measureSizes,
  measureStart,
  type Subject,
} from './measure.ts';
import { type Measurement, printMeasurement } from './report.ts';
import { measureSql } from './sql.ts';

const count = 1400;
const revisionCount = 700;

const measures: readonly (readonly [string, (subject: Subject) => Promise<readonly Measurement[]>])[] = [
  ['check', async ({ folder }) => measureColdCheck(folder, `${count} migrations`)],
  ['revisions', async () => measureRevisions()],
  ['keystrokes', measureKeystrokes],
  ['sql', measureSql],
  ['start', measureStart],
  ['memory', measureMemory],
  ['sizes', async () => measureSizes()],
];

/** `npm run bench -- start sizes` measures only those. */
const chosen = process.argv.slice(2);

function measureRevisions(): readonly Measurement[] {
  const own = mkdtempSync(join(tmpdir(), 'stepwise-bench-'));
  try {
    writeProject(own, generateRevisions(revisionCount));
    return measureColdCheck(own, `${revisionCount} revisions`);
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

const folder = mkdtempSync(join(tmpdir(), 'stepwise-bench-'));
try {
  await buildYardsticks();
  const project = generateProject(count);
  const [longPath, longText] = longMigration(project, 1000);
  writeProject(folder, project.files);
  console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, ${process.platform}\n`);
  const subject: Subject = { folder, longPath: join(folder, longPath), longText };
  for (const [name, measure] of measures) {
    if (chosen.length > 0 && !chosen.includes(name)) continue;
    // The long migration is no part of the project of the cold check.
    if (name !== 'check') writeProject(folder, [[longPath, longText]]);
    for (const measurement of await measure(subject)) {
      printMeasurement(measurement);
      if (measurement.target?.isMet === false) process.exitCode = 1;
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
