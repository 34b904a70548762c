import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { root } from '../scripts/install.mjs';
import { shipped, yardsticks } from './bundles.ts';
import { keystrokes } from './keystrokes.ts';
import { randomOf } from './random.ts';
import { type Measurement, mebibytes, milliseconds } from './report.ts';
import { startServerProcess } from './server-process.ts';
import { median, quantile } from './statistics.ts';

/** The project that everything is measured on. */
export interface Subject {
  readonly folder: string;
  /** A migration of about a thousand lines, the last of its app. */
  readonly longPath: string;
  readonly longText: string;
}

const warmUp = 100;

export async function measureKeystrokes({ folder, longPath, longText }: Subject): Promise<readonly Measurement[]> {
  const [empty, real] = [
    await startServerProcess(yardsticks.emptyServer, folder),
    await startServerProcess(shipped.server, folder),
  ];
  await empty.open(longPath, longText);
  await real.open(longPath, longText);
  const times = { empty: [] as number[], real: [] as number[] };
  for (const { start, end, text } of keystrokes(real, randomOf(5), 1000 + warmUp)) {
    times.empty.push(await empty.edit(start, end, text));
    times.real.push(await real.edit(start, end, text));
  }
  await empty.stop();
  await real.stop();
  const sample = times.real.slice(warmUp);
  const echo = times.empty.slice(warmUp);
  const lines = longText.split('\n').length;
  const at = (part: number, limit: number): Measurement => {
    const value = quantile(sample, part);
    return {
      name: `keystroke → diagnostics, ${lines} lines, ${part === 0.5 ? 'median' : `p${part * 100}`}`,
      value: milliseconds(value),
      beside: `${milliseconds(quantile(echo, part))} empty server`,
      target: { text: `≤ ${limit} ms`, isMet: value <= limit },
    };
  };
  return [at(0.5, 5), at(0.95, 12)];
}

export async function measureMemory({ folder, longPath, longText }: Subject): Promise<readonly Measurement[]> {
  const server = await startServerProcess(shipped.server, folder);
  await server.open(longPath, longText);
  const edits = 10_000;
  let done = 0;
  let settled = 0;
  for (const { start, end, text } of keystrokes(server, randomOf(6), edits)) {
    await server.edit(start, end, text);
    if (++done === 2000) settled = server.residentSize();
  }
  const growth = server.residentSize() - settled;
  await server.stop();
  const limit = 10;
  return [
    {
      name: `memory growth from edit 2,000 to ${edits.toLocaleString('en')}`,
      value: mebibytes(growth),
      beside: `${mebibytes(settled)} before`,
      target: { text: `≤ ${limit} MiB`, isMet: growth <= limit * 1024 * 1024 },
    },
  ];
}

export async function measureStart({ folder }: Subject): Promise<readonly Measurement[]> {
  const times = { empty: [] as number[], real: [] as number[] };
  for (let round = 0; round < 15; round++) {
    for (const [name, script] of [
      ['empty', yardsticks.emptyServer],
      ['real', shipped.server],
    ] as const) {
      const server = await startServerProcess(script, folder);
      times[name].push(server.startMilliseconds);
      await server.stop();
    }
  }
  const ratio = median(times.real) / median(times.empty);
  return [
    {
      name: 'process start → initialize',
      value: `${milliseconds(median(times.real))}, ${ratio.toFixed(2)} ×`,
      beside: `${milliseconds(median(times.empty))} empty server`,
      target: { text: '≤ 1.5 ×', isMet: ratio <= 1.5 },
    },
  ];
}

/** @param what is checked: `700 revisions` */
export function measureColdCheck(folder: string, what: string): readonly Measurement[] {
  const times = { parse: [] as number[], check: [] as number[] };
  for (let round = 0; round < 7; round++) {
    times.parse.push(runTime(yardsticks.parseOnly, [], folder));
    times.check.push(runTime(shipped.cli, ['check', '--all'], folder));
  }
  const ratio = median(times.check) / median(times.parse);
  return [
    {
      name: `cold check of ${what}, whole process`,
      value: `${milliseconds(median(times.check))}, ${ratio.toFixed(2)} ×`,
      beside: `${milliseconds(median(times.parse))} parsing alone`,
      target: { text: '≤ 2 ×', isMet: ratio <= 2 },
    },
  ];
}

function runTime(script: string, args: readonly string[], folder: string): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [script, ...args], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  // 1: findings. 2 would mean that something could not be read.
  if (status !== 0 && status !== 1) throw new Error(`${basename(script)} ended with exit code ${status}: ${stderr}`);
  return performance.now() - started;
}

export function measureSizes(): readonly Measurement[] {
  const bundles = ['client-node.cjs', 'client-web.js', 'server-node.cjs', 'server-web.js', 'cli.mjs'];
  const sizes = bundles.map(
    (name): Measurement => ({
      name: `size of dist/${name}`,
      value: mebibytes(statSync(join(root, 'dist', name)).size),
    }),
  );
  const vsix = join(root, 'dist', 'stepwise.vsix');
  const npm = { cwd: root, encoding: 'utf8', shell: process.platform === 'win32' } as const;
  const { status, stderr } = spawnSync('npm', ['run', 'package'], npm);
  if (status !== 0) throw new Error(`The extension could not be packed: ${stderr}`);
  const { size } = statSync(vsix);
  const limit = 2 * 1024 * 1024;
  return [
    ...sizes,
    {
      name: 'size of the .vsix',
      value: mebibytes(size),
      target: { text: '≤ 2 MiB', isMet: size <= limit },
    },
  ];
}
