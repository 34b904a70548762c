/** Where a command writes: findings to one stream, everything else to the other. */
export interface Terminal {
  readonly workingDirectory: string;
  readonly output: Stream;
  readonly errors: Stream;
  readonly environment: NodeJS.ProcessEnv;
}

interface Stream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export const exitCodes = { clean: 0, findings: 1, failed: 2 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
