/** Work of tests that begins before its test does: while one waits for Python or PostgreSQL, the next one gets ready. */
export interface WorkInAdvance {
  /**
   * In the order of the tests. What is answered is to be called by the test: it begins the work, and some of what follows.
   *
   * @param test its full title
   */
  add<T>(test: string, work: () => Promise<T>): () => Promise<T>;
  /** Waits for all that has begun, whether or not its test has come to it. */
  settled(): Promise<void>;
}

/** @param ahead how many pieces of work may begin before their tests */
export function workInAdvance(ahead: number): WorkInAdvance {
  const starts: (() => Promise<unknown>)[] = [];
  const running: Promise<unknown>[] = [];
  return {
    add<T>(test: string, work: () => Promise<T>) {
      let begun: Promise<T> | undefined;
      const start = () => {
        if (begun === undefined) {
          begun = work();
          running.push(begun);
          // Told by the test that waits for it.
          begun.catch(() => undefined);
        }
        return begun;
      };
      if (!isPicked(test)) return start;
      const index = starts.push(start) - 1;
      return () => {
        for (const next of starts.slice(index, index + ahead + 1)) next();
        return start();
      };
    },
    async settled() {
      await Promise.allSettled(running);
    },
  };
}

const { argv } = process;
const flag = argv.findIndex((each) => each === '-g' || each === '--grep');
const picked = flag < 0 ? undefined : new RegExp(argv[flag + 1] ?? '');

/** Nothing is begun for tests that `mocha -g` leaves out. */
function isPicked(test: string): boolean {
  return picked === undefined || picked.test(test);
}
