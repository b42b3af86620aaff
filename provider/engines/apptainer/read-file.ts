import { run } from "../../base/process/run";
import { CommandError } from "../../base/process/command-error";
import { EngineUnsuitableError } from "../errors";
import { onPath } from "./find";
import { SifError, systemPartition } from "./sif-header";

const READ_MS = 60_000;
/** More characters than a file that describes an image ever has. */
const MOST = 1024 * 1024;

/**
 * @throws {EngineUnsuitableError} when there is no unsquashfs
 */
export function demandUnsquashfs(): void {
  if (onPath("unsquashfs") !== null) return;
  throw new EngineUnsuitableError(
    "there is no unsquashfs on PATH, which reads SIF images; install the package squashfs-tools, 4.5 or newer",
  );
}

/**
 * The text of one file in a SIF; null: it has no such file. Nothing of the image is run, and nothing else of it is read.
 *
 * @param file where the image can be opened
 * @param inside path in the image, without the first slash
 * @param named what messages call the image
 * @throws {SifError} when the image is cut short or damaged, or the file is unreasonably large
 */
export async function readFileInSif(file: string, inside: string, named = file): Promise<string | null> {
  demandUnsquashfs();
  const { offset } = await systemPartition(file, named);
  const args = ["-n", "-q", "-o", String(offset), "-cat", file, inside];
  try {
    const { stdout } = await run("unsquashfs", args, { title: `unsquashfs of ${named}`, timeoutMs: READ_MS });
    if (stdout.length > MOST)
      throw new SifError(named, `its file ${inside} has more than ${MOST} characters`);
    return stdout;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const { exitCode, stderr } = error.failure;
    // It has one exit code for all that goes wrong, and these words for a file that is not there.
    if (exitCode !== null && stderr.includes("no matches for")) return null;
    throw new SifError(named, stderr.trim().split("\n")[0] || error.message, { cause: error });
  }
}
