import type { FilePath } from '../base/file-path.ts';

/** Files to look at again when there is time: never in the way of somebody who types. */
export interface RefreshQueue {
  /** These, the urgent ones first. */
  add(files: Iterable<FilePath>): void;
  /** Whatever depends on the file: that is found out when there is time, too. */
  addDependents(file: FilePath): void;
  stop(): void;
}

/** After the last keystroke. */
const quietMilliseconds = 150;
/** Longest stretch of work before other messages get their turn. */
const sliceMilliseconds = 10;

export function startRefreshQueue(
  refresh: (file: FilePath) => void,
  dependentsOf: (files: ReadonlySet<FilePath>) => Iterable<FilePath>,
): RefreshQueue {
  const waiting = new Set<FilePath>();
  const changed = new Set<FilePath>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const schedule = (milliseconds: number): void => {
    clearTimeout(timer);
    timer = waiting.size + changed.size === 0 ? undefined : setTimeout(work, milliseconds);
  };
  const work = (): void => {
    for (const file of changed.size === 0 ? [] : dependentsOf(changed)) waiting.add(file);
    changed.clear();
    const end = performance.now() + sliceMilliseconds;
    for (const file of waiting) {
      waiting.delete(file);
      refresh(file);
      if (performance.now() >= end) break;
    }
    schedule(0);
  };
  return {
    add(files) {
      for (const file of files) waiting.add(file);
      schedule(quietMilliseconds);
    },
    addDependents(file) {
      changed.add(file);
      schedule(quietMilliseconds);
    },
    stop() {
      waiting.clear();
      changed.clear();
      clearTimeout(timer);
    },
  };
}

/** Lets everything that has arrived in the meantime be handled. */
export function yieldToMessages(): Promise<void> {
  return new Promise((resume) => {
    setTimeout(resume, 0);
  });
}
