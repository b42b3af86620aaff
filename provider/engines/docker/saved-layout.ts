import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { Transform, pipeline as pipe, type Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { extract } from "tar-stream";
import { indexOf, manifestOf, type Blob, type Layer } from "./layout-manifest";
import { EngineUnreachableError } from "../errors";

/** Longest manifest or configuration that is read, in bytes. */
const MAX_BYTES = 16 * 1024 * 1024;
/** How many bytes at a file's start tell how it is compressed. */
const MAGIC_BYTES = 4;

type Entry = Layer | { link: string };

/** `manifest.json` of a saved image. It has the names of the image's parts in the archive. */
interface SavedManifest {
  Config: string;
  Layers: string[] | null;
}

/** Writes one file of the archive under its own digest. Its name in the archive is never used as a path. */
async function store(entry: AsyncIterable<unknown>, blobs: string, number: number): Promise<Layer> {
  const hash = createHash("sha256");
  let size = 0;
  let start = Buffer.alloc(0);
  const watch = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      size += chunk.length;
      if (start.length < MAGIC_BYTES) start = Buffer.concat([start, chunk.subarray(0, MAGIC_BYTES)]);
      done(null, chunk);
    },
  });
  const file = join(blobs, `incoming-${number}`);
  await pipeline(entry, watch, createWriteStream(file, { mode: 0o600 }));
  const hex = hash.digest("hex");
  await rename(file, join(blobs, hex));
  return { digest: `sha256:${hex}`, size, start: start.subarray(0, MAGIC_BYTES) };
}

async function readArchive(archive: Readable, blobs: string): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  const reader = extract();
  // If one of the two fails, the other one ends. The loop below throws the error.
  pipe(archive, reader, () => undefined);
  for await (const entry of reader) {
    const { name, type, linkname } = entry.header;
    if (type === "file") entries.set(name, await store(entry, blobs, entries.size));
    else {
      // Engines before 25 use links for a layer that several images have.
      const target = linkname ?? "";
      if (type === "symlink") entries.set(name, { link: posix.join(posix.dirname(name), target) });
      if (type === "link") entries.set(name, { link: target });
      entry.resume();
    }
  }
  return entries;
}

/**
 * Turns the output of `docker image save` into an OCI image layout (OCI image spec, image layout). Engines before 25
 * send their own format, later ones an OCI layout. Both contain a `manifest.json`, and that is what is read here.
 * Layers stay as they are. Only manifests and configurations are kept in memory.
 *
 * @param folder an empty directory
 * @param imageId the image that the archive must contain: the digest of its configuration, or of a manifest (containerd
 *   image store)
 * @throws {EngineUnreachableError} when the archive is not that of the image
 */
export async function writeLayout(archive: Readable, folder: string, imageId: string): Promise<void> {
  const blobs = join(folder, "blobs", "sha256");
  await mkdir(blobs, { recursive: true });
  const wrong = (detail: string): EngineUnreachableError =>
    new EngineUnreachableError(`docker image save did not send the image ${imageId}: ${detail}`);
  const entries = await readArchive(archive, blobs).catch((error: unknown) => {
    // Errors of the file system have a code, those about the archive's form have none.
    if (!(error instanceof Error) || "code" in error) throw error;
    throw wrong(`its archive can't be read (${error.message})`);
  });
  const find = (name: string): Layer => {
    let found = entries.get(name);
    for (let hops = 0; found !== undefined && "link" in found && hops < 2; hops++)
      found = entries.get(found.link);
    if (found === undefined || "link" in found) throw wrong(`there is no ${name}`);
    return found;
  };
  const json = async (blob: Blob): Promise<unknown> => {
    if (blob.size > MAX_BYTES)
      throw wrong(`${blob.digest} has ${blob.size} bytes, which is too much for JSON`);
    return JSON.parse(await readFile(join(blobs, blob.digest.slice("sha256:".length)), "utf8"));
  };
  const [saved, ...others] = (await json(find("manifest.json"))) as SavedManifest[];
  if (saved === undefined || others.length > 0) throw wrong("it has not one image");
  const config = find(saved.Config);
  const layers = (saved.Layers ?? []).map(find);
  const sent = [config, ...entries.values()].some((entry) => "digest" in entry && entry.digest === imageId);
  if (!sent) throw wrong(`its configuration is ${config.digest}`);
  const { rootfs } = (await json(config)) as { rootfs: { diff_ids: string[] } };
  const manifest = manifestOf(config, layers, rootfs.diff_ids ?? []);
  if (typeof manifest === "string") throw wrong(manifest);
  const bytes = JSON.stringify(manifest);
  const hex = createHash("sha256").update(bytes).digest("hex");
  await writeFile(join(blobs, hex), bytes);
  const index = indexOf(manifest.mediaType, { digest: `sha256:${hex}`, size: Buffer.byteLength(bytes) });
  await writeFile(join(folder, "index.json"), JSON.stringify(index));
  await writeFile(join(folder, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
}
