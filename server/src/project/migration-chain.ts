import { type Built, isSameBuilt } from '../django/built.ts';
import type { EarlierLowering } from '../django/earlier-lowering.ts';
import { type LoweredMigration, lowerMigration } from '../django/lower-migration.ts';
import type { LoweringContext } from '../django/lowering-context.ts';
import type { DjangoMigration } from '../django/migration-file.ts';
import { emptyState } from '../django/project-state.ts';
import type { MigrationId } from '../schema/migration-id.ts';
import { emptySchema } from '../schema/schema.ts';
import type { Step } from './execution-order.ts';
import type { JudgedMigration } from './project.ts';
import { settledSchema, settledState, type TextOf } from './same-state.ts';

interface Link {
  /** Counts how often the file and what it imports have changed. */
  readonly version: number;
  readonly before: Built;
  readonly after: Built;
}

export interface ChainSurroundings {
  readonly context: LoweringContext;
  readonly textOf: TextOf;
  /** `undefined` where the file holds no readable migration for now. */
  source(id: MigrationId): DjangoMigration | undefined;
  version(id: MigrationId): number;
  /** How many judged migrations are remembered whole. Of the others only what they built is kept. */
  readonly mostRemembered: number;
  /** A migration that was judged some time ago is forgotten; what was read for it can be, too. */
  onForgotten(id: MigrationId): void;
}

/** How many migrations are edited at a time, as far as it matters. */
const mostEdited = 4;

const nothing: Built = { state: emptyState, schema: emptySchema };

/**
 * The migrations in the order of execution, each lowered once with what the ones before it have built. After an edit only
 * what comes behind is done again, and only as far as somebody asks: behind an edit that builds the same, nothing is.
 */
export class MigrationChain {
  readonly #around: ChainSurroundings;
  readonly #links = new Map<MigrationId, Link>();
  /** Oldest first. */
  readonly #judged = new Map<MigrationId, JudgedMigration>();
  /** Of what is being edited: what it came to last, to lower again only what an edit has touched. */
  readonly #edited = new Map<MigrationId, EarlierLowering>();
  #steps: readonly Step[] = [];
  #positions: ReadonlyMap<MigrationId, number> = new Map();
  /** Steps before this one are known to be as they were. */
  #firstUnsure = 0;

  constructor(around: ChainSurroundings) {
    this.#around = around;
  }

  /** Takes over another order. What was built is kept where it is built the same way again. */
  arrange(steps: readonly Step[]): void {
    this.#steps = steps;
    this.#positions = new Map(steps.map(({ id }, position) => [id, position]));
    this.#firstUnsure = 0;
    // Parents are part of a judged migration.
    this.#judged.clear();
    for (const id of this.#links.keys()) if (!this.#positions.has(id)) this.#links.delete(id);
  }

  /** The file of a migration, or what it imports, has changed. */
  changed(id: MigrationId, what: 'text' | 'surroundings'): void {
    // The same words can mean something else now.
    if (what === 'surroundings') this.#edited.delete(id);
    this.#judged.delete(id);
    this.#firstUnsure = Math.min(this.#firstUnsure, this.#positions.get(id) ?? 0);
  }

  judge(id: MigrationId): JudgedMigration | undefined {
    const position = this.#positions.get(id);
    if (position === undefined) return undefined;
    const before = this.#builtBefore(position);
    const link = this.#linkAt(position, before);
    return this.#judged.get(id) ?? this.#judgeAgain(id, link);
  }

  #builtBefore(position: number): Built {
    const path: number[] = [];
    let current = this.#steps[position]?.after;
    while (current !== undefined && current >= this.#firstUnsure) {
      path.push(current);
      current = this.#steps[current]?.after;
    }
    let built = current === undefined ? nothing : this.#builtAt(current);
    for (const each of path.reverse()) built = this.#linkAt(each, built).after;
    return built;
  }

  #builtAt(position: number): Built {
    return this.#links.get(this.#steps[position]?.id ?? '')?.after ?? nothing;
  }

  /** The link at a position, made again if the file or what comes before it is not as it was. */
  #linkAt(position: number, before: Built): Link {
    const id = this.#steps[position]?.id ?? '';
    const version = this.#around.version(id);
    const known = this.#links.get(id);
    const link = known?.version === version && isSameBuilt(known.before, before) ? known : this.#linkAnew(id, before);
    // Not before it is there: lowering may have to wait for a parser.
    if (position === this.#firstUnsure) this.#firstUnsure++;
    return link;
  }

  #linkAnew(id: MigrationId, before: Built): Link {
    const known = this.#links.get(id);
    const version = this.#around.version(id);
    this.#judged.delete(id);
    const source = this.#around.source(id);
    // A file that cannot be read for the moment has built what it built before.
    const link = source ? this.#lower(source, id, before, known) : { version, before, after: known?.after ?? before };
    this.#links.set(id, link);
    return link;
  }

  #lower(source: DjangoMigration, id: MigrationId, before: Built, known: Link | undefined): Link {
    const lowered = this.#lowered(source, id, before);
    const after = known ? this.#settled(known.after, lowered.after) : lowered.after;
    this.#noteEdited(id, source, lowered, after);
    this.#remember(id, judgedOf(lowered, before, after));
    return { version: this.#around.version(id), before, after };
  }

  #judgeAgain(id: MigrationId, link: Link): JudgedMigration | undefined {
    const source = this.#around.source(id);
    if (!source) return undefined;
    const lowered = this.#lowered(source, id, link.before);
    this.#noteEdited(id, source, lowered, link.after);
    const judged = judgedOf(lowered, link.before, link.after);
    this.#remember(id, judged);
    return judged;
  }

  #lowered(source: DjangoMigration, id: MigrationId, before: Built): LoweredMigration {
    return lowerMigration(source, before, this.#around.context, this.#edited.get(id));
  }

  /** A migration that has changed is likely to change again, with the next keystroke. */
  #noteEdited(id: MigrationId, source: DjangoMigration, lowered: LoweredMigration, after: Built): void {
    if (this.#around.version(id) <= 1) return;
    const last = lowered.operations.at(-1);
    const operations = last ? lowered.operations.with(-1, { ...last, after }) : [];
    this.#edited.delete(id);
    this.#edited.set(id, { source, operations, settled: (known, now) => this.#settled(known, now) });
    const [oldest] = this.#edited.keys();
    if (this.#edited.size > mostEdited && oldest !== undefined) this.#edited.delete(oldest);
  }

  /** Keeps the objects that were there before wherever they say the same: what comes behind then stays as it is. */
  #settled(known: Built, now: Built): Built {
    const state = settledState(known.state, now.state, this.#around.textOf);
    const schema = settledSchema(known.schema, now.schema);
    return state === known.state && schema === known.schema ? known : { state, schema };
  }

  #remember(id: MigrationId, judged: JudgedMigration): void {
    this.#judged.delete(id);
    this.#judged.set(id, judged);
    if (this.#judged.size <= this.#around.mostRemembered) return;
    const [oldest] = this.#judged.keys();
    if (oldest === undefined) return;
    this.#judged.delete(oldest);
    this.#around.onForgotten(oldest);
  }
}

function judgedOf({ migration, identities, steps }: LoweredMigration, before: Built, after: Built): JudgedMigration {
  return {
    migration,
    before: before.schema,
    stateBefore: before.state,
    stateAfter: after.state,
    identities,
    steps,
    after: after.schema,
  };
}
