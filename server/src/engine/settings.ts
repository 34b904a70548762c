import { baseNameOf, type FilePath, folderOf, isWithin } from '../base/file-path.ts';
import { pathMatcher } from '../base/path-pattern.ts';
import { defaultProjectSettings, type ProjectSettings, type SettingProblem } from '../config/project-settings.ts';
import { readPyproject } from '../config/read-pyproject.ts';

/** What the pyproject.toml files of a workspace decide, by the nearest one above a file that speaks of Stepwise. */
export interface Settings {
  settingsFor(file: FilePath): ProjectSettings;
  isIgnored(file: FilePath): boolean;
  readonly problems: readonly SettingProblem[];
  /** Takes in what a pyproject.toml says now; `undefined` when it is gone. */
  read(pyproject: FilePath, text: string | undefined): ProjectSettings | undefined;
}

interface FolderSettings {
  readonly folder: FilePath;
  readonly settings: ProjectSettings;
  readonly isIgnored: (file: FilePath) => boolean;
  readonly problems: readonly SettingProblem[];
  readonly text: string;
}

export function isPyproject(file: FilePath): boolean {
  return baseNameOf(file) === 'pyproject.toml';
}

export function collectSettings(ruleNames: readonly string[]): Settings {
  const byFile = new Map<FilePath, FolderSettings>();
  const nearest = (file: FilePath): FolderSettings | undefined => {
    if (byFile.size === 0) return undefined;
    const above = [...byFile.values()].filter(({ folder }) => isWithin(file, folder));
    return above.sort((one, other) => other.folder.length - one.folder.length)[0];
  };
  return {
    settingsFor: (file) => nearest(file)?.settings ?? defaultProjectSettings,
    isIgnored: (file) => nearest(file)?.isIgnored(file) ?? false,
    get problems() {
      return [...byFile.values()].flatMap(({ problems }) => problems);
    },
    read(file, text) {
      const known = byFile.get(file);
      if (known !== undefined && known.text === text) return known.settings;
      byFile.delete(file);
      const reading = text === undefined ? undefined : readPyproject(text, file, ruleNames);
      if (text === undefined || reading === undefined) return undefined;
      const folder = folderOf(file);
      const isIgnored = pathMatcher(reading.settings.ignore, folder);
      byFile.set(file, { ...reading, folder, isIgnored, text });
      return reading.settings;
    },
  };
}
