import { fdatasync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { promisify } from "node:util";

const byDescriptor = promisify(fdatasync);

/**
 * Waits until what was written is on disk. It asks by descriptor: with Yarn's Plug'n'Play, `datasync` and `sync` of a
 * handle are not implemented.
 */
export async function onDisk(handle: FileHandle): Promise<void> {
  await byDescriptor(handle.fd);
}
