import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { GitUnsureError } from "./errors";
import { quieted, type Quieted } from "./filters";
import { gitIn, type Git } from "./git";
import { filtered } from "./filtered";

/** What in a work tree is not as HEAD has it. Paths are relative to the top of the work tree. */
export interface Changes {
  /** Files that differ, in git's order. Ignored files don't count. */
  files: string[];
  /** Files that a filter of the work tree's own configuration would have to judge. That is not run. */
  doubtful: string[];
}

/** What counts as a change. */
export interface Asked {
  /** Whether new files count. */
  untracked: boolean;
  /** `here`: only the directory and what is below it; `all`: the whole work tree. */
  scope: "all" | "here";
  /** Limit for each git command, in seconds. */
  seconds: number;
}

/** The top of the work tree that a directory is in. */
export async function topOf(git: Git): Promise<string> {
  return (await git(["rev-parse", "--show-toplevel"])).stdout.replace(/\n$/, "");
}

/** Entries of `git status`: two letters, and the path. */
async function statusOf(git: Git, { settings }: Quieted, { untracked, scope }: Asked): Promise<string[]> {
  const args = [
    "status",
    "--porcelain=v1",
    `--untracked-files=${untracked ? "normal" : "no"}`,
    "--no-renames",
    // Whether a submodule has another HEAD. What changed in it is asked below, because its configuration is another one.
    "--ignore-submodules=dirty",
    "-z",
    ...(scope === "here" ? ["--", "."] : []),
  ];
  const { stdout } = await git(args, undefined, settings);
  return stdout.split("\0").filter((entry) => entry !== "");
}

/** Paths of the submodules, relative to the top of the work tree. */
async function submodules(git: Git, scope: Asked["scope"]): Promise<string[]> {
  const where = scope === "here" ? "." : ":/";
  const { stdout } = await git(["ls-files", "--stage", "-z", "--full-name", "--", where]);
  const links = stdout.split("\0").filter((line) => line.startsWith("160000 "));
  return [...new Set(links.map((line) => line.slice(line.indexOf("\t") + 1)))];
}

/** Whether a folder has a repository of its own in it. Git does not look into other submodules either. */
async function isPopulated(folder: string): Promise<boolean> {
  const isThere = async (path: string): Promise<boolean> => {
    const facts = await lstat(path).catch(() => null);
    return facts !== null && !facts.isSymbolicLink();
  };
  return (await isThere(folder)) && (await isThere(join(folder, ".git")));
}

/** What changed in a submodule. Git is asked in there as in a work tree of its own. */
async function inSubmodule(folder: string, asked: Asked): Promise<Changes> {
  const prefix = (await gitIn(folder, asked.seconds)(["rev-parse", "--show-prefix"])).stdout.trim();
  if (prefix !== "") throw new GitUnsureError(`the submodule in ${folder} has no repository of its own`);
  return await changesIn(folder, { ...asked, scope: "all" });
}

/**
 * What in a work tree is not as HEAD has it, submodules included. Of the programs that the work tree's own configuration
 * names, none runs: no monitor of files, no hook, no filter. Filters of the user's own configuration do.
 *
 * @throws {CommandError} when git fails
 * @throws {GitUnsureError} when it can't be told without such a program
 */
export async function changesIn(directory: string, asked: Asked): Promise<Changes> {
  const git = gitIn(directory, asked.seconds);
  const quiet = quieted((await git(["config", "--list", "--show-scope", "-z"])).stdout);
  if (quiet.unnameable !== null) {
    throw new GitUnsureError(
      `the repository's own configuration has a filter with the name ${JSON.stringify(quiet.unnameable)}; rename it`,
    );
  }
  const entries = await statusOf(git, quiet, asked);
  const top = await topOf(git);
  const perhaps = entries.filter((entry) => entry.startsWith(" M")).map((entry) => entry.slice(3));
  const doubtful = quiet.drivers.size === 0 ? [] : await filtered(top, perhaps, quiet.drivers, asked.seconds);
  const files = entries.map((entry) => entry.slice(3)).filter((path) => !doubtful.includes(path));
  for (const path of await submodules(git, asked.scope)) {
    const folder = join(top, path);
    if (files.includes(path) || !(await isPopulated(folder))) continue;
    const inner = await inSubmodule(folder, asked);
    if (inner.files.length > 0) files.push(path);
    else if (inner.doubtful.length > 0) doubtful.push(path);
  }
  return { files, doubtful };
}
