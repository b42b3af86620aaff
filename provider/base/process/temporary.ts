import { randomBytes } from "node:crypto";
import { mkdir, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAbandoned, isolatedName } from "./leftovers";

/** Makes a folder for one purpose, readable by this user only, whose name says who made it. */
export async function temporaryFolder(kind: string): Promise<string> {
  const folder = join(tmpdir(), isolatedName(kind, randomBytes(6).toString("hex")));
  await mkdir(folder, { mode: 0o700 });
  return folder;
}

/** Removes the temporary folders that crashed processes left behind. Those of other users stay. */
export async function sweepTemporary(): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => [] as string[]);
  for (const name of names) {
    if (!name.startsWith("verified-images-") || !isAbandoned(name)) continue;
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
  }
}
