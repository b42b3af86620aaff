import type { PhysicalLine } from "../dockerfile/physical-lines";
import type { TextRange } from "../dockerfile/mapped-text";

/** A value of a stage's header, such as that of `From`. */
export interface HeaderValue {
  value: string;
  /** Line of the key, from 1. */
  line: number;
  /** Where the value is, as written; null if it goes on in another line or has variables, so it can't be replaced. */
  range: TextRange | null;
}

/** One `%name` and the lines below it. A name can occur several times in a stage. */
export interface DefinitionSection {
  /** In lower case, without the `%`. */
  name: string;
  /** What follows the name on its line. */
  args: string;
  /** Line of the name, from 1. */
  line: number;
  /** The lines below it, up to the next section or stage. */
  body: TextRange;
}

/** One `%files` line. */
export interface FileTransfer {
  source: string;
  destination: string;
  /** The name or number of another stage; null: the host. */
  stage: string | null;
  line: number;
}

export interface DefinitionStage {
  index: number;
  /** The value of `Stage`; null if it has none. */
  name: string | null;
  /** In lower case: `docker`, `localimage`, ... */
  agent: string;
  /** By key, in lower case. */
  header: ReadonlyMap<string, HeaderValue>;
  sections: readonly DefinitionSection[];
  files: readonly FileTransfer[];
  /** From its first character to its last. */
  range: TextRange;
}

/** An Apptainer definition file that has been parsed. Offsets are UTF-16 indices into `text`. */
export interface ParsedDefinition {
  text: string;
  lines: readonly PhysicalLine[];
  /** There is at least one. The last one becomes the image. */
  stages: readonly DefinitionStage[];
  /** The build arguments whose values are used, of those that were given. */
  consumed: readonly string[];
}

/** The sections of a name in one stage, in order. All of them count. */
export function sectionsOf(stage: DefinitionStage, name: string): DefinitionSection[] {
  return stage.sections.filter((section) => section.name === name);
}
