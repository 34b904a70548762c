import type { FilePath } from '../base/file-path.ts';
import type { Project } from './project.ts';

/** A project that follows the edits of its files. */
export interface LiveProject<Layout> {
  /** The project as it stands; another object once anything in it has changed. */
  readonly current: Project;
  /** Whether a file lies where its migrations are. */
  holds(file: FilePath): boolean;
  /** The text of a file is another one. */
  changed(file: FilePath): void;
  /** Files have appeared or gone; what the project is judged for is the same. */
  relisted(layout: Layout): void;
  /** Migrations whose findings may be different when a file is. */
  affectedBy(file: FilePath): readonly FilePath[];
}
