import { strict as assert } from 'node:assert/strict';
import type { BadExample } from '../../server/src/rules/rule.ts';
import { filesText, readFiles } from '../support/memory-files.ts';
import { exampleProject } from '../support/rule-examples.ts';
import { type CaseProject, writeProject } from './case-project.ts';
import { failureOf, type MigrationKey, type Session } from './driver.ts';
import type { ExampleProof } from './examples/example-proof.ts';
import { type FrameworkRelease, isBefore } from './framework-release.ts';
import { type Laboratory, useLaboratory } from './laboratory.ts';
import { migrationIn } from './migration-file.ts';
import { inWordsOf } from './older-django.ts';
import type { Snapshot } from './snapshot.ts';
import { runUnfixed, type Unfixed } from './unfixed.ts';

/** An example as a project that its framework runs, in the state just before the migration that the example is about. */
export interface ExampleBench {
  readonly laboratory: Laboratory;
  readonly texts: ReadonlyMap<string, string>;
  /** The file that the rule speaks about. */
  readonly checked: string;
  /** To be copied. */
  readonly prepared: string;
  readonly applied: readonly MigrationKey[];
  readonly before: Snapshot;
  readonly unfixed: Unfixed;
  /** What `makemigrations` would write after the unfixed migration: examples leave out what is of no interest. */
  readonly pending: readonly string[];
  giveBack(): Promise<void>;
}

const WITHOUT_GRAPH = ['NodeNotFoundError', 'CircularDependencyError', 'NoGraph'];

export async function openBench(
  example: BadExample,
  proof: ExampleProof,
  release: FrameworkRelease,
): Promise<ExampleBench> {
  const laboratory = await useLaboratory(release);
  const { checked, texts: shown } = exampleProject(example);
  const written = new Map([...readFiles(proof.history ?? ''), ...adapted(shown, replacementsOn(release, proof))]);
  const texts = new Map([...written].map(([file, text]) => [file, inWordsOf(release, text)]));
  const project = await writeProject(filesText(texts), release);
  const prepared = await laboratory.lendDatabase();
  try {
    const session = { database: prepared.name, project: project.folder };
    const { applied, before } = await prepare(laboratory, session, project, checked, proof);
    const unfixed = await runUnfixed({
      laboratory,
      folder: project.folder,
      file: checked,
      prepared: prepared.name,
      applied,
      before,
      proof,
    });
    const models = await modelsOf(laboratory, session, unfixed);
    const missing = models.filter(
      ({ folder }) => ![...texts.keys()].some((file) => file.startsWith(`${folder}/models`)),
    );
    const complete = new Map([...missing.map(({ folder, text }) => [`${folder}/models.py`, text] as const), ...texts]);
    for (const [file, text] of complete) await project.write(file, text);
    const pending = await pendingIn(laboratory, session).catch(nothingOf);
    return {
      laboratory,
      texts: complete,
      pending,
      checked,
      prepared: prepared.name,
      applied,
      before,
      unfixed,
      giveBack: prepared.giveBack,
    };
  } catch (error) {
    await prepared.giveBack();
    throw error;
  } finally {
    await project.remove();
  }
}

function replacementsOn(release: FrameworkRelease, { adapted = {}, inOldWords = {} }: ExampleProof) {
  return isBefore(release, '5.0') ? { ...adapted, ...inOldWords } : adapted;
}

function adapted(
  texts: ReadonlyMap<string, string>,
  replacements: Readonly<Record<string, string>>,
): ReadonlyMap<string, string> {
  const changed = new Map(texts);
  for (const [written, runnable] of Object.entries(replacements)) {
    const [file] = [...texts].find(([, text]) => text.includes(written)) ?? [];
    assert.ok(file !== undefined, `No file of the example holds ${written}.`);
    changed.set(file, (changed.get(file) ?? '').replaceAll(written, runnable));
  }
  return changed;
}

/** Migrates to just before the migration and fills the tables. */
async function prepare(
  { driver }: Laboratory,
  session: Session,
  project: CaseProject,
  checked: string,
  { tables = [], rows = [] }: ExampleProof,
): Promise<Pick<ExampleBench, 'applied' | 'before'>> {
  const text = (await project.read()).get(checked) ?? '';
  const run = async () => {
    const [applied, , , schema, filled] = await driver.run(session, [
      { do: 'migrate-before', migration: migrationIn(checked) },
      { do: 'execute', sql: [...tables, ...rows] },
      { do: 'fill' },
      { do: 'schema' },
      { do: 'rows' },
    ]);
    return { applied, before: { schema, rows: filled } };
  };
  try {
    return await run();
  } catch (error) {
    if (!WITHOUT_GRAPH.includes(failureOf(error).type)) throw error;
    // Frameworks do nothing at all while the file is there.
    await project.delete(checked);
    const prepared = await run();
    await project.write(checked, text);
    return prepared;
  }
}

/** The `models.py` that the example leaves out: what the models were when somebody made the unfixed migration of them. */
async function modelsOf({ driver }: Laboratory, session: Session, { failure }: Unfixed) {
  if (failure !== undefined && failure.results.length === 0 && WITHOUT_GRAPH.includes(failure.type)) return [];
  const [models] = await driver.run(session, [{ do: 'models' }]);
  return Object.entries(models).map(([folder, text]) => ({ folder, text }));
}

/** What `makemigrations` would write: its lines that are operations. */
export function operationsIn(pending: string): readonly string[] {
  return pending.split('\n').flatMap((line) => /^ {4}[-+~] (.+)$/.exec(line)?.[1] ?? []);
}

async function pendingIn({ driver }: Laboratory, session: Session): Promise<readonly string[]> {
  const [pending] = await driver.run(session, [{ do: 'pending' }]);
  return operationsIn(pending);
}

function nothingOf(error: unknown): readonly string[] {
  failureOf(error);
  return [];
}
