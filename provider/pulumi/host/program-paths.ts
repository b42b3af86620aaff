import { isAbsolute, relative, sep } from "node:path";
import { isFolder } from "../../inputs/named-contexts";
import { isPath } from "../../base/reference/sif-path";
import { isUnknown } from "./unknowns";
import { withoutEnd } from "../../base/words/cut";

/**
 * A path as it is kept in the state: POSIX, and relative to the program's directory, so that a clone in another directory
 * shows no difference. A value that is not known yet, or is no path, is returned as it is.
 */
export function programPath(value: unknown, directory: string): unknown {
  if (typeof value !== "string" || value === "" || isUnknown(value)) return value;
  const path = isAbsolute(value) ? relative(directory, value) : value;
  const posix = path
    .split(sep)
    .join("/")
    .replace(/^(?:\.\/)+(?=.)/, "");
  const kept = posix.slice(0, 1) + withoutEnd(posix.slice(1), "/");
  return kept === "" ? "." : kept;
}

/** The inputs of an image or a promotion, with all their paths in that form. */
export function programPaths(
  inputs: Readonly<Record<string, unknown>>,
  directory: string,
): Record<string, unknown> {
  const result: Record<string, unknown> = { ...inputs };
  for (const name of ["recipe", "context", "root", "lock"]) {
    if (result[name] !== undefined) result[name] = programPath(result[name], directory);
  }
  const { secrets, commit, contexts, source, targets } = result;
  const perhaps = (value: unknown): unknown => {
    if (typeof value !== "string" || !isPath(value)) return value;
    const path = String(programPath(value, directory));
    // Without its beginning a path could be read as an image reference.
    return isPath(path) ? path : `./${path}`;
  };
  if (source !== undefined) result.source = perhaps(source);
  if (Array.isArray(targets)) result.targets = targets.map(perhaps);
  if (typeof contexts === "object" && contexts !== null && !Array.isArray(contexts)) {
    result.contexts = Object.fromEntries(
      Object.entries(contexts).map(([name, source]: [string, unknown]) => [
        name,
        typeof source === "string" && isFolder(source) ? programPath(source, directory) : source,
      ]),
    );
  }
  if (typeof commit === "object" && commit !== null && !Array.isArray(commit) && "worktree" in commit) {
    result.commit = { ...commit, worktree: programPath(commit.worktree, directory) };
  }
  if (typeof secrets === "object" && secrets !== null && !Array.isArray(secrets)) {
    result.secrets = Object.fromEntries(
      Object.entries(secrets).map(([id, from]) => {
        const file = (from as { file?: unknown } | null)?.file;
        return [id, file === undefined ? from : { ...from, file: programPath(file, directory) }];
      }),
    );
  }
  return result;
}
