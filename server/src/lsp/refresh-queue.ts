import type { FilePath } from '../base/file-path.ts';

/** Files to look at again when there is time: never in the way of somebody who types. */
export interface RefreshQueue {
  /** @param files the urgent ones first */
  add(files: Iterable<FilePath>): void;
  remove(file: FilePath): void;
  stop(): void;
}

/** After the last keystroke. */
const quietMilliseconds = 150;
/** Longest stretch of work before other messages get their turn. */
const sliceMilliseconds = 10;

export function startRefreshQueue(refresh: (file: FilePath) => void): RefreshQueue {
  const waiting = new Set<FilePath>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const schedule = (milliseconds: number): void => {
    clearTimeout(timer);
    timer = waiting.size === 0 ? undefined : setTimeout(work, milliseconds);
  };
  const work = (): void => {
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
    remove: (file) => void waiting.delete(file),
    stop() {
      waiting.clear();
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
