import { CommandError } from "../../base/process/command-error";
import { start } from "../../base/process/run";
import { captureFileSystem } from "../../packages/capture/capture";
import { CaptureError } from "../../packages/capture/errors";
import { captureManifest } from "../../packages/capture/manifest";
import type { Capture } from "../../packages/capture/types";
import type { LockedPackage } from "../../packages/lock/types";
import type { Readable } from "node:stream";
import { demandUnsquashfs } from "./read-file";
import { SifError, systemPartition } from "./sif-header";
import { walkPseudoFile } from "./walk-pseudo-file";

const READ_MS = 20 * 60_000;

/**
 * unsquashfs opens the file that it writes to, which can be a pipe. Node.js gives programs sockets, so a shell makes the
 * pipe. How unsquashfs ends is no matter: what it writes says itself whether it is whole.
 */
const SCRIPT = 'unsquashfs "$@" | cat';

/** What the engine puts into every image, and that is another at each build. */
const OF_EACH_BUILD = /^\/\.singularity\.d\/(?:labels\.json|Singularity|bootstrap_history(?:\/.*)?)$/;

/**
 * Reads the file system of a SIF without running anything of it: unsquashfs writes the list of its files and their
 * contents into a pipe.
 *
 * @throws {SifError} when the file is cut short, damaged or hostile
 */
async function readSif<T>(
  file: string,
  read: (stream: Readable) => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  demandUnsquashfs();
  const { offset } = await systemPartition(file);
  const stop = new AbortController();
  const both = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  const args = ["-c", SCRIPT, "sh", "-n", "-q", "-o", String(offset), "-pf", "/dev/stdout", file];
  const options = { title: `unsquashfs of ${file}`, timeoutMs: READ_MS, signal: both };
  const { stdout, done } = await start("sh", args, options, false);
  try {
    const result = await read(stdout);
    await done;
    return result;
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof CaptureError)) throw error;
    const said = await done.then(
      ({ stderr }) => stderr,
      (failure: unknown) => (failure instanceof CommandError ? failure.failure.stderr : ""),
    );
    const words = said.trim().split("\n")[0] ?? "";
    throw new SifError(file, words === "" ? error.message : words, { cause: error });
  } finally {
    stop.abort();
  }
}

/** What is installed in a SIF. */
export function captureSif(file: string, signal?: AbortSignal): Promise<Capture> {
  return readSif(file, (stream) => captureFileSystem(stream, { signal, walk: walkPseudoFile }), signal);
}

/** The files of a SIF, without those that the engine makes anew at each build. */
export async function manifestOfSif(file: string, signal?: AbortSignal): Promise<LockedPackage[]> {
  const files = await readSif(
    file,
    (stream) => captureManifest(stream, { signal, walk: walkPseudoFile }),
    signal,
  );
  return files.filter(({ name }) => !OF_EACH_BUILD.test(name));
}
