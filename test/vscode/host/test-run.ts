/** One run of the suite inside a VS Code. */
export interface TestRun {
  /** Folder that VS Code opens; the suite writes into it. */
  readonly workspace: string;
  /** Folder of the extension under test. */
  readonly extension: string;
  /** CommonJS module that exports `run(): Promise<void>`. */
  readonly tests: string;
  /** Environment of the extension host. */
  readonly env: Readonly<Record<string, string>>;
  /** An empty folder for the data of this run. */
  readonly home: string;
  /** Milliseconds after which the run is given up. */
  readonly timeout: number;
}

/** Settings of every VS Code that is started here: nothing that pops up, nothing that reaches the network. */
export const QUIET_SETTINGS = {
  'chat.disableAIFeatures': true,
  // What is typed stands in the file as it was typed.
  'editor.autoClosingBrackets': 'never',
  'editor.autoIndent': 'none',
  'editor.quickSuggestions': { other: 'off', comments: 'off', strings: 'off' },
  'editor.suggestOnTriggerCharacters': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'files.autoSave': 'off',
  'git.enabled': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
};
