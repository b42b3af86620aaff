import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseImageId } from "../../../provider/base/reference/digest";
import type { ConfigDigest, ImageId, ManifestDigest } from "../../../provider/base/reference/types";
import { seenInputs } from "../../../provider/inputs/image-inputs";
import { buildPaths, type BuildPaths } from "../../../provider/store/paths";
import { writeMark, type Mark } from "../../../provider/store/mark";
import { writeRecord, type BuildRecord } from "../../../provider/store/record";
import { hashOfFile, noDrift } from "../../../provider/store/verification";
import { pointAtomic } from "../../../provider/store/write";

const made: string[] = [];

/** A new empty directory; the end of the process takes it away, or `removeScratch` does so earlier. */
export function scratch(): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "unit-test-")));
  made.push(directory);
  return directory;
}

/** Removes every directory that `scratch` made. */
export function removeScratch(): void {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true });
}

process.once("exit", removeScratch);

/** A digest made of one character. What it is the digest of is for each test to say. */
export const id = (character: string): ImageId & ConfigDigest & ManifestDigest =>
  parseImageId(`sha256:${character.repeat(64)}`) as ImageId & ConfigDigest & ManifestDigest;

/** A timestamp at a second of 2026-01-01. */
export const at = (second: number, count?: number): string =>
  `20260101T0000${String(second).padStart(2, "0")}000Z${count === undefined ? "" : `-${count}`}`;

/** What a test wants to be different in a record. */
export type Changes = Partial<Omit<BuildRecord, "revision">> & { revision?: string | null };

const { revision: revisionShape } = seenInputs.shape;

/** A complete record, with what a test wants to be different. */
export function recordOf({ revision = "f".repeat(40), ...changes }: Changes = {}): BuildRecord {
  return {
    ...{ schema: 2, name: "web", timestamp: at(1), imageId: id("a"), reference: `web:${at(1)}` },
    ...{ revision: revisionShape.parse(revision), recipe: "app/Dockerfile", context: "app" },
    ...{ recipeHash: id("1"), contextHash: id("2"), lockHash: id("3"), lockedHash: id("7"), key: id("9") },
    ...{
      host: null,
      builder: null,
      lock: null,
      contexts: {},
      target: null,
      platform: null,
      pin: "versions",
      force: null,
    },
    ...{ buildArgs: { VERSION: "1" }, labels: {} },
    secrets: { token: { env: "TOKEN" }, key: { file: "key.pem" } },
    bases: [{ reference: "debian", digest: id("4"), imageId: id("4"), pinned: "debian@sha256:4" }],
    npmProjects: [{ stage: 0, root: "/app", lock: "{}" }],
    engine: { kind: "docker", id: "ENGINE", serverVersion: "1", clientVersion: "1", builder: "built-in" },
    timeouts: { git: 30, inspect: 30, rebuild: 1200 },
    ...changes,
  };
}

/** Puts a build into a store: lock, record, and `latest` if asked for. */
export async function putBuild(
  root: string,
  name: string,
  timestamp: string,
  { imageId = id("a"), lock = "{}", latest = false, record = {} }: BuildOptions = {},
): Promise<BuildPaths> {
  const paths = buildPaths(root, name, timestamp);
  mkdirSync(paths.directory, { recursive: true });
  writeFileSync(paths.lock, lock);
  const reference = `${name}:${timestamp}`;
  const lockHash = (await hashOfFile(paths.lock)) ?? "";
  await writeRecord(paths.record, recordOf({ name, timestamp, reference, imageId, lockHash, ...record }));
  if (latest) await pointAtomic(paths.latest, paths.lock);
  return paths;
}

interface BuildOptions {
  imageId?: ImageId;
  lock?: string;
  latest?: boolean;
  record?: Changes;
}

/** A mark about the image and the lock of `recordOf`, with what a test wants to be different. */
export const markOf = (changes: Partial<Mark> = {}): Mark => ({
  ...{ imageId: id("a"), lockHash: id("3"), drift: noDrift(), reason: null, summary: "summary", at: "" },
  ...changes,
});

/** Marks a build, by its lock as it is now. */
export async function putMark(
  paths: BuildPaths,
  state: "verified" | "unverified" = "verified",
  changes: Partial<Mark> = {},
): Promise<void> {
  await writeMark(paths, state, markOf({ lockHash: (await hashOfFile(paths.lock)) ?? "", ...changes }));
}
