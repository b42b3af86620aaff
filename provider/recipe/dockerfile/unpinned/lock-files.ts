import { posix } from "node:path";
import { execForm } from "../heredoc-words";
import { type CopyInstruction, type Instruction } from "../types";
import { matchesName, matchesPath } from "./patterns";
import { LOCK_NAMES } from "./tool-table";

/** Stands for the working directory that only the base image knows. It is no absolute path. */
export const UNKNOWN = "?";
/** Stands for a path that depends on something unknown. */
export const SOMEWHERE = "\0";
/** A longer path is not followed. Linux has none. */
const MAXIMUM_PATH = 4096;

const PLAIN = new Set(LOCK_NAMES.map((name) => posix.basename(name)));
const WITH_STAR = /\.opam\.locked$/;

/** Which lock files a stage has at one point, as far as its recipe tells. */
export interface StageFiles {
  /** The working directory. */
  directory: string;
  /** Paths in the image. */
  paths: Set<string>;
}

/** Where sources are looked for. */
export interface FileSources {
  /** The lock files of the context, relative to it, without those that are ignored; null: nobody has looked. */
  context: readonly string[] | null;
  /** The files of another stage, by what a `from` names; null for an image or another context. */
  stage: (from: string) => StageFiles | null;
  expand: (written: string) => string | null;
}

export function resolvePath(directory: string, path: string): string {
  if (path.startsWith(SOMEWHERE) || directory.length + path.length > MAXIMUM_PATH) return SOMEWHERE;
  const joined = posix.normalize(path.startsWith("/") ? path : `${directory}/${path}`);
  return joined.length > 1 ? joined.replace(/\/$/, "") : joined;
}

/** Whether a path has the name of a lock file. */
export function isLockName(path: string): boolean {
  const last = posix.basename(path);
  return (
    (PLAIN.has(last) || WITH_STAR.test(last)) && LOCK_NAMES.some((name) => directoryOf(path, name) !== null)
  );
}

/** The directory in which a path is the lock `name`, which may contain directories, and begin with `*`. Null if it is not. */
function directoryOf(path: string, name: string): string | null {
  const star = name.startsWith("*");
  const end = star ? name.slice(1) : `/${name}`;
  if (path === name) return "";
  if (!path.endsWith(end)) return null;
  if (star) return posix.dirname(path);
  return path.length === end.length ? "/" : path.slice(0, -end.length);
}

/**
 * Whether a lock is in a directory or above it; with `below`, also below it. What can't be told counts as so: a directory
 * or a lock somewhere, and a lock at an absolute path where the working directory is that of the base image.
 */
export function hasLock(files: Iterable<string>, directory: string, name: string, below: boolean): boolean {
  const beneath = directory === "/" ? "/" : `${directory}/`;
  for (const path of files) {
    const at = directoryOf(path, name);
    if (at === null) continue;
    if (directory.startsWith(SOMEWHERE) || at.startsWith(SOMEWHERE)) return true;
    if (directory.startsWith(UNKNOWN) && at.startsWith("/")) return true;
    if (at === directory || at === "/" || directory.startsWith(`${at}/`)) return true;
    if (below && at.startsWith(beneath)) return true;
  }
  return false;
}

/** Changes what a stage has, as an instruction other than RUN does. */
export function bringIn(instruction: Instruction, files: StageFiles, sources: FileSources): void {
  if (instruction.keyword === "WORKDIR") {
    files.directory = resolvePath(files.directory, sources.expand(instruction.args.text.trim()) ?? SOMEWHERE);
  } else if (instruction.keyword === "COPY" || instruction.keyword === "ADD") {
    for (const path of copiedPaths(instruction, files.directory, sources)) files.paths.add(path);
  }
}

function copiedPaths(copy: CopyInstruction, directory: string, sources: FileSources): string[] {
  const text = copy.args.text;
  const words = execForm(text) ?? text.split(/\s+/).filter((word) => word !== "");
  const target = sources.expand(words.pop() ?? "") ?? SOMEWHERE;
  const flags = (name: string): string[] =>
    copy.flags.flatMap((flag) => (flag.name === name ? [flag.value ?? "true"] : []));
  const parents = flags("parents").includes("true");
  const excluded = flags("exclude").map((pattern) => posix.basename(pattern));
  const [from] = flags("from");
  const into = resolvePath(directory, target);
  // A target without a slash at its end is a file's new name, or a folder that is already there.
  const renames = words.length === 1 && !target.endsWith("/") && isLockName(into);
  const found = words.flatMap((word) => {
    const source = sources.expand(word);
    // With an unknown folder before it, a name is still a name. A marker of a here-document is one, too.
    const name = posix.basename(word.replace(/^\d*<<-?/, ""));
    if (source === null || word.startsWith("<<")) return isLockName(name) ? [resolvePath(into, name)] : [];
    return pathsOf(source, from, sources).map(({ path, rest }) => resolvePath(into, parents ? path : rest));
  });
  const kept = found.filter(
    (path) => !excluded.some((pattern) => matchesName(pattern, posix.basename(path))),
  );
  return renames ? [...kept, into] : kept;
}

/** The lock files that a source means. `rest` is where they are below the target. */
export function pathsOf(
  source: string,
  from: string | undefined,
  { context, stage }: Pick<FileSources, "context" | "stage">,
): { path: string; rest: string }[] {
  const wanted = posix
    .normalize(source)
    .replace(/^(?:\.?\/)+|\/$/g, "")
    .replace(/^\.$/, "");
  const other = from === undefined ? null : stage(from);
  const known =
    from === undefined ? context : other && [...other.paths].map((path) => path.replace(/^\//, ""));
  const found = [...(known ?? []), ...(known === null || from !== undefined ? believed(wanted) : [])];
  return found.flatMap((path) => {
    if (wanted === "") return [{ path, rest: path }];
    const depth = wanted.split("/").length;
    const parts = path.split("/");
    if (parts.length < depth || !matchesPath(wanted, parts.slice(0, depth))) return [];
    const rest = parts.slice(depth).join("/");
    return [{ path, rest: rest === "" ? posix.basename(path) : rest }];
  });
}

/** The lock files that a source names itself, where nobody can look. A pattern such as `Gemfile*` names one, `*` none. */
function believed(source: string): string[] {
  const name = posix.basename(source);
  if (!/[*?[]/.test(name)) return isLockName(source) ? [source] : [];
  const fitting = /^[*?.]*$/.test(name) ? [] : LOCK_NAMES.filter((lock) => matchesName(name, lock));
  return fitting.map((lock) => posix.join(posix.dirname(source), lock));
}

/** The lock files that the bind mounts of a RUN show, as long as it runs. */
export function mountedPaths(
  flags: readonly { name: string; value: string | null }[],
  directory: string,
  sources: FileSources,
): string[] {
  return flags.flatMap(({ name, value }) => {
    if (name !== "mount") return [];
    const options = new Map(
      (value ?? "").split(",").map((option): [string, string] => {
        const [key = "", ...rest] = option.replace(/["']/g, "").split("=");
        return [key.toLowerCase(), sources.expand(rest.join("=")) ?? SOMEWHERE];
      }),
    );
    if ((options.get("type") ?? "bind") !== "bind") return [];
    const target = options.get("target") ?? options.get("dst") ?? options.get("destination") ?? "";
    const source = options.get("source") ?? options.get("src") ?? "";
    const into = resolvePath(directory, target);
    const found = pathsOf(source, options.get("from"), sources).map(({ path, rest }) =>
      posix.basename(path) === posix.basename(source) ? into : resolvePath(into, rest),
    );
    return isLockName(into) ? [...found, into] : found;
  });
}
