/** One line of the result: what was measured, beside what it is measured against and what is asked for. */
export interface Measurement {
  readonly name: string;
  readonly value: string;
  readonly beside?: string;
  readonly target?: { readonly text: string; readonly isMet: boolean };
}

/** At once, because others take minutes. */
export function printMeasurement({ name, value, beside, target }: Measurement): void {
  const asked = target === undefined ? '' : `${target.text} ${target.isMet ? '✓' : '✗ missed'}`;
  console.log([name.padEnd(56), value.padEnd(18), (beside ?? '').padEnd(26), asked].join(' ').trimEnd());
}

export function milliseconds(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 0)} ms`;
}

export function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(2)} MiB`;
}
