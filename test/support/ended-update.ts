import { createHash } from "node:crypto";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { allProcesses, descendants, signalAll, type Descendant } from "./processes";
import { leftBy } from "./left-by";
import type { Story } from "./pulumi-story";
import { until } from "./until";

/** How an update is told to end. */
export type End = "first Ctrl-C" | "second Ctrl-C" | "SIGKILL of the CLI";

/** What was there when the update was told to end, and how it ended. */
export interface Ended {
  /** Milliseconds until the last process of it was gone. */
  ms: number;
  /** What it has printed. */
  said: string;
  /** Processes that provided resources. */
  providers: number[];
}

/** Pulumi's own language host looks every five minutes whether the engine that started it is still there. */
const LANGUAGE_HOST = /\/pulumi-language-nodejs /;

/** Milliseconds after which a test gives up waiting for processes to end. */
const PATIENCE_MS = 300_000;

/** The update was over before the test could tell it to end. */
export class EndedTooSoon extends Error {}

/**
 * Starts an update, ends it as soon as it says that one of the steps begins, and waits until nothing of it runs.
 *
 * @param steps the step to end it at, and those after it: the CLI may never show a step of a few milliseconds
 * @throws EndedTooSoon when the update was over before that
 */
export async function endAtStep(
  story: Story,
  artifact: string,
  steps: readonly string[],
  how: End,
): Promise<Ended> {
  const up = story.project.start(["up", "--yes", "--skip-preview"]);
  const begins = new RegExp(`[);] (${steps.join("|")}) \\.\\.\\.`);
  let over: unknown = null;
  void up.end.then((end) => (over = end));
  await until(`the beginning of ${steps[0]}`, PATIENCE_MS, () => {
    if (over !== null) throw new EndedTooSoon(`the update ended before ${steps[0]}\n${up.said()}`);
    return begins.test(up.said()) ? true : null;
  });
  const all = [{ pid: up.pid, parent: process.pid, command: "" }, ...descendants(up.pid)];
  const providers = providersIn(all);
  if (providers.length === 0) {
    await up.end;
    throw new EndedTooSoon(`nothing provided resources any more\n${up.said()}`);
  }
  const tree = all.filter(({ command }) => !LANGUAGE_HOST.test(command));
  const started = performance.now();
  signalAll([up.pid], how === "SIGKILL of the CLI" ? "SIGKILL" : "SIGINT");
  if (how === "second Ctrl-C") {
    await until("the CLI to take the first Ctrl-C", PATIENCE_MS, () =>
      over !== null || up.said().includes("press ^C again") ? true : null,
    );
    signalAll([up.pid], "SIGINT");
  }
  let left: Descendant[] = [];
  await until("the end of everything that ran", PATIENCE_MS, () => {
    left = running(tree, [artifact, ...providers.map(({ pid }) => `.${pid}.`)]);
    return left.length === 0 ? true : null;
  }).catch((error: unknown) => {
    throw new Error(`${String(error)}: ${left.map(({ pid, command }) => `${pid} ${command}`).join("; ")}`);
  });
  const ms = performance.now() - started;
  await up.end;
  const hosts = all.filter((one) => !tree.includes(one));
  signalAll(
    running(hosts, []).map(({ pid }) => pid),
    "SIGKILL",
  );
  return { ms, said: up.said(), providers: providers.map(({ pid }) => pid) };
}

/** Those that provide resources; a child has its parent's command line until it runs one of its own. */
function providersIn(tree: readonly Descendant[]): Descendant[] {
  const named = tree.filter(({ command }) => /^node .*dynamic-provider/.test(command));
  return named.filter(({ parent }) => !named.some(({ pid }) => pid === parent));
}

/** Processes of a tree that still run, and those whose command line has one of these words. */
function running(tree: readonly Descendant[], words: readonly string[]): Descendant[] {
  return allProcesses().filter(({ pid, command }) => {
    if (command.includes("<defunct>")) return false;
    const ofTree = tree.some((one) => one.pid === pid && (one.command === "" || one.command === command));
    return ofTree || words.some((word) => command.includes(word));
  });
}

/** Containers, helper images and temporary folders of an ended update. */
export async function remainsOf({ providers }: Ended): Promise<string[]> {
  return (await Promise.all(providers.map((pid) => leftBy(pid)))).flat();
}

/** Files with which the CLI locks the state of a project. */
export function stateLocks(directory: string): string[] {
  const locks = join(directory, "state/.pulumi/locks");
  try {
    return readdirSync(locks, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
      .map(({ name }) => name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** An artifact's folder as a reader finds it. */
export interface StoreState {
  /** Timestamps of builds that have all of their files, oldest first. */
  complete: string[];
  /** The build that `latest` leads to, or null. */
  latest: string | null;
  /** Files that belong to no complete build and are no log, and what else lies beside the folder. */
  odd: string[];
}

const OF_A_BUILD = [".lock", ".build.json", ".rough.Dockerfile", ".Dockerfile", ".build.log"];
const SOMETIMES = [".Dockerfile.dockerignore", ".pins", ".verify.log", ".verified", ".unverified"];

/** Reads an artifact's folder, whose locks must be what their records say. */
export function storeState(root: string, artifact: string): StoreState {
  const directory = join(root, artifact);
  let names: string[];
  try {
    names = readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { complete: [], latest: null, odd: [] };
    throw error;
  }
  const stems = [...new Set(names.map((name) => name.split(".")[0] ?? ""))].sort();
  const isWhole = (stem: string): boolean => {
    if (!OF_A_BUILD.every((suffix) => names.includes(stem + suffix))) return false;
    const record = JSON.parse(readFileSync(join(directory, `${stem}.build.json`), "utf8")) as Record<
      string,
      string
    >;
    const lock = readFileSync(join(directory, `${stem}.lock`));
    return record.lockHash === `sha256:${createHash("sha256").update(lock).digest("hex")}`;
  };
  const whole = stems.filter((stem) => stem.startsWith(`${artifact}-`) && isWhole(stem));
  const known = new Set([
    "latest",
    ...whole.flatMap((stem) => [...OF_A_BUILD, ...SOMETIMES].map((end) => stem + end)),
  ]);
  const timestamp = (stem: string): string => stem.slice(artifact.length + 1);
  return {
    complete: whole.map(timestamp),
    latest: names.includes("latest")
      ? timestamp(readlinkSync(join(directory, "latest")).replace(/\.lock$/, ""))
      : null,
    odd: [
      ...names.filter((name) => !known.has(name) && !name.endsWith(".build.log")),
      ...readdirSync(root).filter((name) => name !== artifact),
    ],
  };
}
