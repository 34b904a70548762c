import type { Level } from '../base/level.ts';
import { isLevel } from '../base/level.ts';

/** What a person has set in the editor. */
export interface EditorSettings {
  readonly enable: boolean;
  /** Milder findings are not shown. */
  readonly minimumLevel: Level;
}

export const defaultEditorSettings: EditorSettings = { enable: true, minimumLevel: 'low' };

export interface EditorSettingsReading {
  readonly settings: EditorSettings;
  /** What could not be used, one sentence each: `stepwise.minimumLevel: expected …`. */
  readonly problems: readonly string[];
}

/** @param value the editor's `stepwise` section as the client sent it; clients other than ours may send anything */
export function readEditorSettings(value: unknown): EditorSettingsReading {
  const section = typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : new Map();
  const problems: string[] = [];
  const enable: unknown = section.get('enable') ?? defaultEditorSettings.enable;
  if (typeof enable !== 'boolean') problems.push('stepwise.enable: expected true or false.');
  const minimumLevel: unknown = section.get('minimumLevel') ?? defaultEditorSettings.minimumLevel;
  if (!isLevel(minimumLevel)) {
    problems.push('stepwise.minimumLevel: expected one of "critical", "high", "medium", "low".');
  }
  return {
    settings: {
      enable: typeof enable === 'boolean' ? enable : defaultEditorSettings.enable,
      minimumLevel: isLevel(minimumLevel) ? minimumLevel : defaultEditorSettings.minimumLevel,
    },
    problems,
  };
}
