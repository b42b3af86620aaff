import { randomBytes } from "node:crypto";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { spawnVerification } from "../../../provider/build/background/spawn";
import { buildAndJudge } from "../../../provider/build/functions/build-reproducible";
import type { Renewal } from "../../../provider/build/lock/renewal";
import { engineAt } from "../../../provider/build/functions/effects";
import { FROM_DISK } from "../../../provider/build/roundtrip/source";
import { planImage } from "../../../provider/inputs/plan";
import { InputError } from "../../../provider/inputs/failure";
import type { ImageInputs } from "../../../provider/inputs/image-inputs.generated";
import type { ImageOutputs } from "../../../provider/build/roundtrip/image-outputs";
import { buildPaths, type BuildPaths } from "../../../provider/store/paths";
import { parseLock } from "../../../provider/packages/lock/parse";
import type { Lock } from "../../../provider/packages/lock/types";
import { docker, imageExists } from "../../support/docker";
import { COPY_ONLY, dpkgStatus } from "./recipes";

/** What one call of the round trip gave, said and did. */
export interface Outcome extends ImageOutputs {
  warnings: string[];
  /** What was said of waits. */
  notes: string[];
  /** Names of the steps that ran, in order; none when everything was known already. */
  steps: string[];
}

/** An artifact of its own, with a context, a store, and a name that no other test has. */
export interface Bench {
  readonly name: string;
  readonly directory: string;
  readonly context: string;
  readonly root: string;
  /** Writes a file of the context; folders are made. */
  write(path: string, content: string, mode?: number): Promise<void>;
  /** The round trip with these inputs beside name, context and root. Paths are relative to the working directory. */
  build(
    inputs?: Partial<ImageInputs>,
    onStep?: (step: string) => void,
    onNote?: (words: string) => void,
    renew?: Renewal | null,
  ): Promise<Outcome>;
  paths(timestamp: string): BuildPaths;
  lock(outputs: Pick<ImageOutputs, "timestamp">): Promise<Lock>;
  /** Names in the artifact's folder of the store, sorted; none when there is no folder. */
  stored(): Promise<string[]>;
  /** References of the artifact that the engine has, sorted. */
  images(): Promise<string[]>;
  /** Removes the artifact's images and every file. */
  dispose(): Promise<void>;
}

/** Makes a bench; `dispose` it in the end. */
export async function makeBench(): Promise<Bench> {
  const name = `bench-${randomBytes(4).toString("hex")}`;
  const directory = await mkdtemp(join(tmpdir(), "engine-tests-"));
  const context = join(directory, "context");
  const root = join(directory, "store");
  await mkdir(context);
  const made = new Set<string>();
  const images = async (): Promise<string[]> => {
    const format = ["--format", "{{.Repository}}:{{.Tag}}"];
    const listed = await docker(["image", "ls", "--filter", `reference=${name}`, ...format]);
    return listed === "" ? [] : listed.split("\n").sort();
  };
  return {
    name,
    directory,
    context,
    root,
    images,
    async write(path, content, mode) {
      const file = join(context, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
      await chmod(file, mode ?? 0o644);
    },
    async build(more = {}, onStep = () => undefined, onNote = () => undefined, renew = null) {
      const inputs: ImageInputs = { name, context, root, ...more };
      // A committed lock is in the program's directory.
      const program = inputs.lock === undefined ? process.cwd() : directory;
      const { plan, failures } = await planImage(inputs, program);
      if (plan === null) throw new InputError(failures);
      const warnings: string[] = [];
      const notes: string[] = [];
      const steps: string[] = [];
      const effects = {
        engine: engineAt(inputs.host, 30, inputs.builder),
        reader: FROM_DISK,
        now: () => new Date(),
        report: ({ step, phase }: { step: string; phase: string }): void => {
          if (phase !== "start") return;
          steps.push(step);
          onStep(step);
        },
        warn: (message: string): void => void warnings.push(message),
        tell: (words: string): void => void notes.push(words),
        note: (_name: string, words: string): void => {
          notes.push(words);
          onNote(words);
        },
        concurrency: 4,
        detach: spawnVerification,
      };
      const { outputs, failure } = await buildAndJudge(effects, plan, program, { renew });
      made.add(outputs.imageId);
      if (failure !== null) throw failure;
      return { ...outputs, warnings, notes, steps };
    },
    paths: (timestamp) => buildPaths(root, name, timestamp),
    lock: async ({ timestamp }) => parseLock(await readFile(buildPaths(root, name, timestamp).lock, "utf8")),
    async stored() {
      const names = await readdir(join(root, name)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return [];
        throw error;
      });
      return names.sort();
    },
    async dispose() {
      // Builds of other processes, too: one that was killed left a container, which keeps the image without its name.
      const ids = await docker(["image", "ls", "--no-trunc", "--quiet", "--filter", `reference=${name}`]);
      for (const id of ids.split("\n").filter(Boolean)) made.add(id);
      for (const name of await images()) await docker(["image", "rm", "--force", name]);
      // An image without a name is left where a container used it for a moment longer.
      for (const id of made) if (await isUnnamed(id)) await docker(["image", "rm", "--force", id]);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Whether the engine has the image, without any name. */
async function isUnnamed(id: string): Promise<boolean> {
  if (!(await imageExists(id))) return false;
  return (await docker(["image", "inspect", "--format", "{{json .RepoTags}}", id])) === "[]";
}

/** A bench whose recipe builds in a second, to an image with these Debian packages. */
export async function quickBench(
  packages: Readonly<Record<string, string>> = { base: "1.0" },
): Promise<Bench> {
  const bench = await makeBench();
  await bench.write("status", dpkgStatus(packages));
  await bench.write("app", "one");
  await bench.write("Dockerfile", COPY_ONLY);
  return bench;
}
