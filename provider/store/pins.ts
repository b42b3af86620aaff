import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { StoreError } from "../base/errors/store-error";
import { PIN_DOCKERFILE, pinsHash, type PinFile } from "../recipe/pins/pin-files";
import { writePrivate } from "./write";

/** Writes the pins of a locked recipe as files, with the Dockerfile that makes them an image. */
export async function writePins(folder: string, files: readonly PinFile[]): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  for (const { path, text } of [PIN_DOCKERFILE, ...files]) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writePrivate(file, text);
  }
}

/**
 * Reads the pins of a locked recipe.
 *
 * @param hash of the pins that were written
 * @throws {StoreError} if they are not the ones that were written
 */
export async function readPins(folder: string, hash: string): Promise<PinFile[]> {
  const wrong = `the pins ${folder} are not the ones that were written for the lock; build again`;
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
    const read = await Promise.all(
      files.map(async (file) => ({
        path: file.split(sep).join("/"),
        text: await readFile(join(folder, file), "utf8"),
      })),
    );
    const pins = read.filter(({ path }) => path !== PIN_DOCKERFILE.path);
    if (read.length !== pins.length && pinsHash(pins) === hash) return pins;
  } catch (cause) {
    throw new StoreError(wrong, folder, { cause });
  }
  throw new StoreError(wrong, folder);
}
