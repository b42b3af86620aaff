import { spawn } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { extract } from "tar-stream";
import { gunzipSync } from "node:zlib";
import { buffer } from "node:stream/consumers";
import { docker, dockerProgram } from "../../support/docker";

/** Names of the files below a directory whose bytes hold the text, relative to it. */
export async function filesWith(directory: string, text: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries.filter((item) => item.isFile())) {
    const file = join(entry.parentPath, entry.name);
    if ((await readFile(file)).includes(text)) found.push(file.slice(directory.length + 1));
  }
  return found.sort();
}

/**
 * Where an image holds the text: names of members of `docker save`, that is of whole layers (files that a later
 * layer hides included) and of the configuration; and `history` or `inspect`.
 */
export async function imagePartsWith(image: string, text: string): Promise<string[]> {
  const found: string[] = [];
  const saved = spawn(await dockerProgram(), ["image", "save", image], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<number | null>((resolve) => saved.once("close", resolve));
  const archive = extract();
  saved.stdout.pipe(archive);
  for await (const entry of archive) {
    const bytes = await buffer(entry);
    const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
    if (plain.includes(text)) found.push(entry.header.name);
  }
  const code = await ended;
  if (code !== 0) throw new Error(`docker image save exited ${code}`);
  if ((await docker(["image", "inspect", image])).includes(text)) found.push("inspect");
  if ((await docker(["image", "history", "--no-trunc", image])).includes(text)) found.push("history");
  return found;
}
