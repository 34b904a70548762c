import { AssertionError } from 'node:assert/strict';

/** Collects what is wrong, so that all of it is told at once and not only the first of it. */
export interface Complaints {
  /** Goes on after an assertion that fails. */
  take(assertion: () => void | Promise<void>): Promise<void>;
  /** @throws {AssertionError} with all that was taken */
  raise(): void;
}

export function collectComplaints(): Complaints {
  const messages: string[] = [];
  return {
    async take(assertion) {
      try {
        await assertion();
      } catch (error) {
        if (!(error instanceof AssertionError)) throw error;
        messages.push(error.message);
      }
    },
    raise() {
      if (messages.length > 0) throw new AssertionError({ message: messages.join('\n\n') });
    },
  };
}
