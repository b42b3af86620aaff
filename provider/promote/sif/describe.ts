import type { FileHandle } from "node:fs/promises";
import { z } from "zod";
import type { ImageId } from "../../base/reference/types";
import { readFileInSif } from "../../engines/apptainer/read-file";
import { SifError } from "../../engines/apptainer/sif-header";
import { hashOf, openSif } from "./open-sif";

/** A SIF image, read without running anything of it. */
export interface SifImage {
  /** Where it was found. */
  file: string;
  /** The hash of the file. */
  id: ImageId;
  labels: Record<string, string>;
  /** The definition that it was built from, as the engine keeps it in the image; null: it has none. */
  definition: string | null;
}

/** Where the engine keeps what it knows of an image. */
const LABELS = ".singularity.d/labels.json";
const DEFINITION = ".singularity.d/Singularity";

const labelsSchema = z.record(z.string(), z.string());

/**
 * Reads a SIF image; null: there is no such file. The hash and the labels are of the same file, also if another one takes its
 * name meanwhile.
 *
 * @throws {SifError} when it is no SIF image, is damaged, or changes while it is read
 * @throws {SifPathError} when the path can't be read
 */
export async function describeSif(file: string): Promise<SifImage | null> {
  const handle = await openSif(file);
  if (handle === null) return null;
  try {
    const before = await traceOf(handle);
    const id = await hashOf(handle);
    // Another process sees this very file by this name, whatever has become of the path. Only Linux has such names.
    const same = process.platform === "linux" ? `/proc/${process.pid}/fd/${handle.fd}` : file;
    const text = await readFileInSif(same, LABELS, file);
    const definition = await readFileInSif(same, DEFINITION, file);
    // A new name for the file changes its trace too, so the content decides.
    if ((await traceOf(handle)) !== before && (await hashOf(handle)) !== id)
      throw new SifError(file, "it was written to while it was read, so its hash says nothing");
    return { file, id, labels: text === null ? {} : readLabels(file, text), definition };
  } finally {
    await handle.close();
  }
}

/** What changes when somebody writes to a file. The time of the last change of its inode can't be set back. */
async function traceOf(handle: FileHandle): Promise<string> {
  const { size, mtimeNs, ctimeNs } = await handle.stat({ bigint: true });
  return `${size} ${mtimeNs} ${ctimeNs}`;
}

function readLabels(file: string, text: string): Record<string, string> {
  try {
    return labelsSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new SifError(file, `its labels (${LABELS}) are no list of texts`, { cause: error });
  }
}
