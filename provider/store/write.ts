import { randomBytes } from "node:crypto";
import { rename, rm, symlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { makerMark } from "../base/process/leftovers";

/** Writes a whole file or nothing, by a temporary file, fsync and rename. */
export async function writeAtomic(file: string, content: string): Promise<void> {
  await writeFileAtomic(file, content, { encoding: "utf8", mode: 0o644 });
}

/** Points a relative symlink to a file beside it, in one step: a reader sees the old target or the new one. */
export async function pointAtomic(link: string, target: string): Promise<void> {
  const temporary = join(
    dirname(link),
    `.${basename(link)}.${makerMark()}.${randomBytes(4).toString("hex")}`,
  );
  try {
    await symlink(basename(target), temporary);
    await rename(temporary, link);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
