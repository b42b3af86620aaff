import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { commitAll } from "../../../support/git";
import { scratch } from "../../store/scratch";

/** Writes files into a folder, by their names in it. */
export function put(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

/** A new work tree with these files, committed. */
export async function committed(
  files: Readonly<Record<string, string>>,
): Promise<{ tree: string; head: string }> {
  const tree = scratch();
  put(tree, files);
  return { tree, head: await commitAll(tree, "first") };
}

/** Sets these variables of this process, or removes those that are undefined. */
function set(values: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}

/** Does work while these variables are set in this process's environment; undefined ones are not there. */
export async function withEnvironment<T>(
  values: Readonly<Record<string, string | undefined>>,
  work: () => Promise<T>,
): Promise<T> {
  const before = Object.fromEntries(Object.keys(values).map((name) => [name, process.env[name]]));
  set(values);
  try {
    return await work();
  } finally {
    set(before);
  }
}

/** Does work while the git on PATH is this shell script. */
export async function withGit<T>(script: string, work: () => Promise<T>): Promise<T> {
  const folder = scratch();
  writeFileSync(join(folder, "git"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return await withEnvironment({ PATH: `${folder}${delimiter}${process.env.PATH ?? ""}` }, work);
}

/** A line of {@link withGit}: every folder is inside a work tree. */
export const INSIDE = 'case "$*" in *inside*) echo true; exit;; esac';
