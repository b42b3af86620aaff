import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CommandError } from "../../../base/process/command-error";
import { run } from "../../../base/process/run";
import { temporaryFolder } from "../../../base/process/temporary";
import { RegistryError } from "../errors";
import { digestOf } from "../manifest";
import { onceSettled } from "../settled";
import { COPY_MS, type SkopeoCaller } from "../skopeo-caller";
import type { NamedImage } from "../tool";
import { lacksOras, orasFlags } from "./oras";

const INDEX = "application/vnd.oci.image.index.v1+json";

/**
 * Puts an index under a tag, byte by byte: with oras, or with skopeo where that is not installed.
 *
 * @throws {RegistryError} when it can't be done
 */
export async function putIndex(
  caller: SkopeoCaller,
  text: string,
  to: NamedImage,
  signal?: AbortSignal,
): Promise<void> {
  const doing = `listing referrers in ${to.name}`;
  const folder = await temporaryFolder("referrers");
  try {
    const file = await writeLayout(folder, text);
    const flags = await orasFlags(to.host, caller.usesPlainHttp(to.host));
    const push = ["manifest", "push", ...flags, "--media-type", INDEX, to.name, file];
    const options = { title: doing, env: { LC_ALL: "C" }, timeoutMs: COPY_MS, signal };
    await onceSettled(async () => {
      try {
        await run("oras", push, options);
      } catch (error) {
        if (!lacksOras(error)) throw error;
        await bySkopeo(caller, folder, to, doing, signal);
      }
    }, signal);
  } catch (error) {
    if (error instanceof CommandError && /cannot modify it/.test(error.failure.stderr)) {
      throw new RegistryError(
        `${doing}: this release of skopeo can't put the list there unchanged; install oras (https://oras.land)`,
        { cause: error },
      );
    }
    throw caller.explained(error, doing, to.host);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes an OCI image layout that has the index and nothing of what it lists. @returns the index's file */
async function writeLayout(folder: string, text: string): Promise<string> {
  const digest = digestOf(text);
  const blobs = join(folder, "blobs", "sha256");
  const file = join(blobs, digest.replace("sha256:", ""));
  const manifests = [{ mediaType: INDEX, digest, size: Buffer.byteLength(text) }];
  await mkdir(blobs, { recursive: true });
  await writeFile(file, text);
  await writeFile(join(folder, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  await writeFile(join(folder, "index.json"), JSON.stringify({ schemaVersion: 2, manifests }));
  return file;
}

async function bySkopeo(
  caller: SkopeoCaller,
  folder: string,
  to: NamedImage,
  doing: string,
  signal?: AbortSignal,
): Promise<void> {
  const args = (flags: string[]): string[] => [
    ...["copy", "--quiet", "--multi-arch", "index-only", "--preserve-digests"],
    ...[...flags, `oci:${folder}`, `docker://${to.name}`],
  ];
  await caller.call(doing, [{ image: to, prefix: "dest-" }], args, { timeoutMs: COPY_MS, signal });
}
