import { parseImageId } from "../../provider/base/reference/digest";
import type { ImageId } from "../../provider/base/reference/types";
import { runChild } from "./child";
import { findPrograms } from "./find-program";
import { tar } from "./tar-gz";

/**
 * The environment of every docker call: BuildKit on, in clients older than 23 too. Without the attestation that buildx adds
 * where images are kept with containerd, an image is a manifest on every engine. `ATTESTED` has it.
 */
export const DOCKER_ENV: NodeJS.ProcessEnv = {
  ...process.env,
  DOCKER_BUILDKIT: "1",
  BUILDX_NO_DEFAULT_ATTESTATIONS: "1",
};

/** For an image as people build it: on the containerd image store it is an index, with an attestation in it. */
export const ATTESTED: NodeJS.ProcessEnv = { ...process.env, DOCKER_BUILDKIT: "1" };

let found: Promise<string> | undefined;

/**
 * Path of the first docker client on PATH that can build: it has buildx, or is older than 23 and so has the
 * builder in the engine. Throws when there is none.
 */
export function dockerProgram(): Promise<string> {
  found ??= (async () => {
    const candidates = findPrograms("docker");
    for (const candidate of candidates) {
      const version = await runChild(candidate, ["--version"], { timeoutMs: 120_000 });
      const major = Number(/version (\d+)\./.exec(version.stdout)?.[1]);
      if (major < 23) return candidate;
      if ((await runChild(candidate, ["buildx", "version"], { timeoutMs: 120_000 })).code === 0)
        return candidate;
    }
    throw new Error(
      `no docker client on PATH can build (looked at: ${candidates.join(", ") || "none"}); run the set-up`,
    );
  })();
  return found;
}

/**
 * Runs `docker <args>` and returns its standard output, trimmed. Throws on a non-zero exit, with stderr.
 *
 * @param options env: default {@link DOCKER_ENV}, which no test has changed
 */
export async function docker(
  args: readonly string[],
  options: { input?: string | Buffer; timeoutMs?: number; env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  const { code, stdout, stderr } = await runChild(await dockerProgram(), args, {
    env: DOCKER_ENV,
    ...options,
  });
  if (code !== 0) throw new Error(`docker ${args.join(" ")} exited ${code}\n${stderr}${stdout}`);
  return stdout.trim();
}

/** `sha256:...` of an image. Throws when there is none. */
export async function imageId(reference: string): Promise<ImageId> {
  return parseImageId(await docker(["image", "inspect", "--format", "{{.Id}}", reference]));
}

/** Whether the engine has the image. Only "no such image" is a no; any other failure throws. */
export async function imageExists(reference: string): Promise<boolean> {
  const { code, stderr } = await runChild(await dockerProgram(), ["image", "inspect", reference], {
    env: DOCKER_ENV,
  });
  if (code === 0) return true;
  if (/no such image/i.test(stderr)) return false;
  throw new Error(`docker image inspect ${reference} exited ${code}\n${stderr}`);
}

/** Removes a tag, or an image with all its tags when given an ID; one that isn't there is fine. */
export async function removeImage(reference: string): Promise<void> {
  if (await imageExists(reference)) await docker(["image", "rm", "--force", reference]);
}

/** Labels of an image; empty when it has none. */
export async function imageLabels(reference: string): Promise<Record<string, string>> {
  const json = await docker(["image", "inspect", "--format", "{{json .Config.Labels}}", reference]);
  return (JSON.parse(json) ?? {}) as Record<string, string>;
}

/** A tiny image: one file `/text` on top of `from`. */
export interface TinyImage {
  /** Reference to tag. */
  name: string;
  labels?: Readonly<Record<string, string>>;
  /** Default `scratch`. */
  from?: string;
  /** What the file holds; default the name. Other text makes another image. */
  text?: string;
  /** Default {@link DOCKER_ENV}. */
  env?: NodeJS.ProcessEnv;
}

/** Builds a tiny image in about a second, without network, and returns its ID. */
export async function buildTiny({
  name,
  labels = {},
  from = "scratch",
  text = name,
  env = DOCKER_ENV,
}: TinyImage): Promise<ImageId> {
  return buildImage(name, { Dockerfile: `FROM ${from}\nCOPY text /text\n`, text }, labels, env);
}

/** Builds an image of a context with these files, and returns its ID. */
export async function buildImage(
  name: string,
  files: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>> = {},
  env = DOCKER_ENV,
): Promise<ImageId> {
  const input = await tar(Object.entries(files).map(([path, content]) => ({ path, content })));
  const flags = Object.entries(labels).flatMap(([key, value]) => ["--label", `${key}=${value}`]);
  await docker(["build", "--quiet", "--tag", name, ...flags, "-"], { input, env });
  return imageId(name);
}
