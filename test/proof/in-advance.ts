/** Tests whose work begins before their turn: while one waits for Python or PostgreSQL, the next one gets ready. */
export interface TestsInAdvance {
  /** Makes a test. Its work must not mind what else is under way; `judge` is called when it is the test's turn. */
  it<T>(title: string, work: () => Promise<T>, judge?: (result: T) => void): void;
  /** Waits for all that has begun, whether or not its test has come to it. */
  settled(): Promise<void>;
}

/** @param ahead how many tests may begin before their turn */
export function testsInAdvance(ahead: number): TestsInAdvance {
  const starts: (() => unknown)[] = [];
  const running: Promise<unknown>[] = [];
  return {
    it<T>(title: string, work: () => Promise<T>, judge: (result: T) => void = () => undefined) {
      const start = once(() => {
        const begun = work();
        running.push(begun);
        // Told by the test that waits for it.
        begun.catch(() => undefined);
        return begun;
      });
      const index = starts.length;
      const test = it(title, async () => {
        for (const next of starts.slice(index, index + ahead + 1)) next();
        judge(await start());
      });
      if (isPicked(test)) starts.push(start);
    },
    async settled() {
      await Promise.allSettled(running);
    },
  };
}

function once<T>(start: () => T): () => T {
  let started: { readonly answer: T } | undefined;
  return () => {
    started ??= { answer: start() };
    return started.answer;
  };
}

const { argv } = process;
const flag = argv.findIndex((each) => each === '-g' || each === '--grep');
const picked = flag < 0 ? undefined : new RegExp(argv[flag + 1] ?? '');

/** Nothing is begun for tests that `mocha -g` leaves out. */
function isPicked(test: Mocha.Test): boolean {
  return picked === undefined || picked.test(test.fullTitle());
}
