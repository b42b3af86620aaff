import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream";
import { buffer } from "node:stream/consumers";
import { createGunzip } from "node:zlib";
import { extract, type Extract, type Header } from "tar-stream";
import { runChild } from "../../support/child";
import { docker } from "../../support/docker";

/** All that an image is, but for times: two builds of one recipe can be compared. */
export interface ImageContents {
  /** `docker inspect`'s Config, whole. */
  config: unknown;
  /** CreatedBy of each line of `docker history`, the newest first. */
  history: string[];
  /** By path, the entries of each layer, the lowest first: type, mode, owner, link target, size and hash. */
  layers: Record<string, string>[];
}

async function entryText(header: Header, content: AsyncIterable<Buffer>): Promise<string> {
  const { type, mode = 0, uid, gid, linkname, size } = header;
  const hash = createHash("sha256");
  for await (const chunk of content) hash.update(chunk);
  const bytes = type === "file" ? ` ${size} bytes ${hash.digest("hex")}` : "";
  return `${type} ${mode.toString(8)} ${uid}:${gid} ${linkname ?? ""}${bytes}`;
}

/** Layers are compressed where the engine keeps images with containerd. */
async function layerArchive(file: string): Promise<Extract> {
  const isGzip = (await buffer(createReadStream(file, { end: 1 }))).toString("hex") === "1f8b";
  const content = createReadStream(file);
  return pipeline(isGzip ? content.pipe(createGunzip()) : content, extract(), () => undefined);
}

async function layerEntries(file: string): Promise<Record<string, string>> {
  const entries: Record<string, string> = {};
  for await (const entry of await layerArchive(file))
    entries[`/${entry.header.name}`] = await entryText(entry.header, entry as AsyncIterable<Buffer>);
  return entries;
}

/** Reads images of this engine, each by a reference; a layer that they share is read once. */
export async function imageContents(references: readonly string[]): Promise<ImageContents[]> {
  const directory = await mkdtemp(join(tmpdir(), "engine-tests-"));
  try {
    await docker(["image", "save", "--output", join(directory, "saved.tar"), ...references]);
    const { code, stderr } = await runChild("tar", [
      ...["--extract", "--file", join(directory, "saved.tar"), "--directory", directory],
    ]);
    if (code !== 0) throw new Error(`tar exited ${code}\n${stderr}`);
    const manifest = JSON.parse(await readFile(join(directory, "manifest.json"), "utf8")) as {
      RepoTags: string[];
      Layers: string[];
    }[];
    const known = new Map<string, Record<string, string>>();
    const read: ImageContents[] = [];
    for (const reference of references) {
      const saved = manifest.find(({ RepoTags }) => RepoTags.includes(reference));
      if (saved === undefined) throw new Error(`docker image save left out ${reference}`);
      const layers: Record<string, string>[] = [];
      for (const name of saved.Layers) {
        const file = await realpath(join(directory, name));
        const entries = known.get(file) ?? (await layerEntries(file));
        known.set(file, entries);
        layers.push(entries);
      }
      const config = await docker(["image", "inspect", "--format", "{{json .Config}}", reference]);
      const lines = ["image", "history", "--no-trunc", "--format", "{{json .CreatedBy}}", reference];
      read.push({
        config: JSON.parse(config) as unknown,
        history: (await docker(lines)).split("\n").map((line) => JSON.parse(line) as string),
        layers,
      });
    }
    return read;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
