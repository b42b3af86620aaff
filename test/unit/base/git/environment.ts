import { writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { scratch } from "../../store/scratch";

/** Does work while these variables are set in this process's environment. */
export async function withEnvironment<T>(
  values: Readonly<Record<string, string>>,
  work: () => Promise<T>,
): Promise<T> {
  const before = { ...process.env };
  Object.assign(process.env, values);
  try {
    return await work();
  } finally {
    for (const name of Object.keys(values)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
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
