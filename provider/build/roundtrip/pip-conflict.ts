import { normalisedName } from "../../packages/capture/python/metadata";

/** The lowest spelling of a project's name (PEP 503), without extras and versions. */
export function projectName(text: string): string {
  const [name = ""] = /^[A-Za-z0-9._-]*/.exec(text) ?? [];
  return normalisedName(name);
}

/** One side of a conflict, as pip lists it. */
export interface Side {
  line: string;
  /** The project that is wanted. */
  project: string;
  /** As pip says it: `rich>=13`. */
  wanted: string;
  /** The one version that is wanted; null: it may be any of several. */
  version: string | null;
  /** Where it comes from, if it is no index. */
  from: string | null;
  /** From the lock. */
  constraint: boolean;
  /** The project that wants it, with its version; null: the command itself. */
  by: string | null;
}

const REQUESTED = /^ {4}The user requested (\(constraint\) )?(.*)$/;
const DEPENDS = /^ {4}(\S+ \S+) depends on (.*)$/;

/** What pip says of the last conflict that it met; none if it met none. */
export function conflictSides(lines: readonly string[]): Side[] {
  const start = lines.findLastIndex((line) => line.startsWith("The conflict is caused by:"));
  if (start < 0) return [];
  const sides: Side[] = [];
  for (const line of lines.slice(start + 1)) {
    if (line.startsWith("To fix this")) break;
    const [, constraint, requested = ""] = REQUESTED.exec(line) ?? [];
    const [, by = null, needed = ""] = DEPENDS.exec(line) ?? [];
    const wanted = requested === "" ? needed : requested;
    if (wanted === "") continue;
    const [, source = null, from = null] = /^\S+ (\S+) \(from (.*)\)$/.exec(wanted) ?? [];
    const exact = /^[^=<>!~ ]+==([^=,;*\s]+)$/.exec(wanted)?.[1] ?? null;
    const side = { line, project: projectName(wanted), wanted, version: source ?? exact, from, by };
    sides.push({ ...side, constraint: constraint !== undefined });
  }
  return sides;
}
