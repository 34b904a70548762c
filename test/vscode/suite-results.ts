/** One line of the file that the suite writes inside the extension host; the last line is the end. */
export type SuiteEvent =
  | { readonly kind: 'pass'; readonly title: string; readonly milliseconds: number }
  | { readonly kind: 'fail'; readonly title: string; readonly message: string }
  | { readonly kind: 'end' };

/** Environment variable with the path of that file. */
export const RESULTS_VARIABLE = 'STEPWISE_TEST_RESULTS';

/** Environment variable with the name of the suite to run. */
export const SUITE_VARIABLE = 'STEPWISE_TEST_SUITE';

export function writtenEvent(event: SuiteEvent): string {
  return `${JSON.stringify(event)}\n`;
}

export function readEvents(text: string): readonly SuiteEvent[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as SuiteEvent);
}
