import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { extract } from "tar-stream";
import { gunzipSync } from "node:zlib";
import { buffer } from "node:stream/consumers";
import { engineAt } from "../../../provider/build/functions/effects";
import { docker, dockerProgram } from "../../support/docker";
import type { Bench, Outcome } from "./bench";

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
 * Where an image holds each of the texts: names of members of `docker save`, that is of whole layers (files that a
 * later layer hides included); `configuration`, `history` or `inspect`. Saving it takes long, so ask once.
 */
export async function imagePartsWith(
  image: string,
  texts: readonly string[],
): Promise<ReadonlyMap<string, string[]>> {
  const found = new Map<string, string[]>(texts.map((text) => [text, []]));
  const look = (part: string, content: Buffer | string): void => {
    for (const [text, parts] of found) if (content.includes(text)) parts.push(part);
  };
  const saved = spawn(await dockerProgram(), ["image", "save", image], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<number | null>((resolve) => saved.once("close", resolve));
  const archive = extract();
  saved.stdout.pipe(archive);
  let manifest = "[]";
  for await (const entry of archive) {
    const bytes = await buffer(entry);
    const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
    look(entry.header.name, plain);
    if (entry.header.name === "manifest.json") manifest = plain.toString();
  }
  const code = await ended;
  if (code !== 0) throw new Error(`docker image save exited ${code}`);
  const [facts] = JSON.parse(await docker(["image", "inspect", image])) as Record<string, unknown>[];
  // With the containerd image store, the engine notes here under which name the image came. That is not in the image.
  delete facts?.Descriptor;
  look("inspect", JSON.stringify(facts));
  const [{ Config: configuration } = { Config: "" }] = JSON.parse(manifest) as { Config: string }[];
  for (const [text, parts] of found)
    found.set(
      text,
      parts.map((part) => (part === configuration ? "configuration" : part)),
    );
  look("history", await docker(["image", "history", "--no-trunc", image]));
  return found;
}

/** Whether the builder in effect is too old to take variables as secrets, so that a history names ours. */
export async function historyNamesOurs(): Promise<boolean> {
  const { buildkit, least } = await engineAt(undefined, 30).builder();
  // An engine that a distribution has built often does not tell its BuildKit.
  const known = buildkit === null || buildkit.startsWith("0.0.0") ? least : buildkit;
  return !/^(?:0\.(?:1[6-9]|[2-9]\d)|[1-9])\./.test(known ?? "");
}

/**
 * Asserts that a kept image has nothing of ours: no layer, no environment, no label. Its history has nothing either,
 * unless the builder is too old: then it names variables, and the build's log ends by saying which.
 *
 * @param variable one of ours that surely is in such a history
 * @param nowhere other texts that no part of the image may hold
 */
export async function assertNothingOfOurs(
  bench: Bench,
  outcome: Outcome,
  variable: string,
  nowhere: readonly string[] = [],
): Promise<void> {
  const ours = "verified-images";
  const parts = await imagePartsWith(outcome.imageId, [ours, ...nowhere]);
  for (const text of nowhere) assert.deepEqual(parts.get(text), []);
  const found = parts.get(ours) ?? [];
  const history = await docker(["image", "history", "--no-trunc", outcome.imageId]);
  const log = await readFile(bench.paths(outcome.timestamp).buildLog, "utf8");
  const last = log.trimEnd().split("\n").at(-1) ?? "";
  if (await historyNamesOurs()) {
    // The configuration is there because it holds the history: what else it has is in `inspect`.
    assert.deepEqual(found.sort(), ["configuration", "history"]);
    assert.ok(history.includes(`${variable}=/dev/${ours}`), history);
    assert.match(last, new RegExp(`^The image's history names .*\\b${variable}\\b.*\\(/dev/${ours}`));
  } else {
    assert.deepEqual(found, []);
    assert.ok(!history.includes(variable), history);
    assert.doesNotMatch(log, /The image's history names/);
  }
}

/** The lines of a history without our variables: their ARG, and their mention before a command (`|2 OURS=x THEIRS=y`). */
export function withoutOurs(history: readonly string[]): string[] {
  const ours = /\b[A-Z_]+=\/dev\/verified-images[-/]\S+/;
  return history
    .filter((line) => !new RegExp(`^ARG ${ours.source}$`).test(line))
    .map((line) =>
      line.replace(/\|(\d+) ((?:[A-Za-z_]+=\S* )*)/, (_, count: string, listed: string) => {
        const words = listed.split(" ").slice(0, Number(count));
        const left = words.filter((word) => !ours.test(word));
        const rest = listed.split(" ").slice(words.length).join(" ");
        return left.length > 0 ? `|${left.length} ${left.join(" ")} ${rest}` : rest;
      }),
    );
}
