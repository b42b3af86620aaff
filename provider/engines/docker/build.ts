import { appendFile, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { CommandError } from "../../base/process/command-error";
import { hideCredentials } from "../../base/words/credentials";
import { isRefusal } from "../../packages/capture/errors";
import type { RunOptions } from "../../base/process/run";
import { tailOf } from "../../base/process/tail";
import { temporaryFolder } from "../../base/process/temporary";
import { BUILD_BEGINS, type BuildInstructions, type BuildRequest, type ImageFacts } from "../engine";
import { BuildFailedError, EngineUnreachableError, EngineUnsuitableError } from "../errors";
import { buildEnding, endingWords } from "./build-ending";
import type { BuildSession } from "./build-session";
import type { Builder } from "./builder";
import type { DockerClient } from "./client";
import { buildVariables } from "./build-variables";
import { inspectImage } from "./inspect";
import { readCommand } from "./read-output";

/** How many lines of the build log an error shows. */
const TAIL_LINES = 20;

/** Writes one field of a flag that docker reads as CSV (RFC 4180). */
function field(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** What a build is run with, apart from its instructions. */
export interface BuildTools {
  dockerfile: string;
  /** Whether the client builds through the buildx plugin. */
  buildx: boolean;
  /** The builder, if it is not the engine's own; else null. */
  separate: Builder["separate"];
  /** What the builder gets in place of each reference. */
  contexts: ReadonlyMap<string, string>;
}

/**
 * The arguments of `docker build`. They never contain the value of a build secret. Those of build arguments come from the
 * environment, because the process list shows arguments to everybody on the machine. For labels docker has no such way.
 */
export function buildArguments(request: BuildInstructions | BuildRequest, tools: BuildTools): string[] {
  const { separate } = tools;
  const image = "tag" in request;
  // Before version 23, `docker build` knows only the engine's own builder.
  const args = separate === null ? ["build"] : ["buildx", "build", "--builder", separate.name];
  args.push("--progress", "plain", "--file", tools.dockerfile);
  args.push(...(image ? ["--tag", request.tag] : ["--output", "type=tar,dest=-"]));
  if (request.cache) for (const from of request.cacheFrom ?? []) args.push("--cache-from", from);
  else args.push("--no-cache");
  for (const to of request.cacheTo ?? []) args.push("--cache-to", to);
  // With an attestation, the result would be an index, whose ID says nothing about the image's content.
  if (tools.buildx || separate !== null)
    args.push("--provenance=false", "--sbom=false", ...(image ? ["--load"] : []));
  if (request.target !== null) args.push("--target", request.target);
  const platform = request.platform ?? separate?.platform ?? null;
  if (platform !== null) args.push("--platform", platform);
  const inEnvironment = buildVariables(request);
  for (const [name, value] of Object.entries(request.buildArgs))
    args.push("--build-arg", Object.hasOwn(inEnvironment, name) ? name : `${name}=${value}`);
  for (const [name, value] of Object.entries(request.labels)) args.push("--label", `${name}=${value}`);
  for (const [id, from] of Object.entries(request.secrets)) {
    const source = "file" in from ? `src=${from.file}` : `env=${from.env}`;
    args.push("--secret", `id=${id},${field(source)}`);
  }
  for (const [name, source] of Object.entries(request.contexts ?? {}))
    args.push("--build-context", `${name}=${source}`);
  for (const [reference, from] of tools.contexts) args.push("--build-context", `${reference}=${from}`);
  return [...args, request.context];
}

/**
 * Prepares a build with BuildKit, and runs it.
 *
 * A separate builder does not see the engine's images, so it gets them as OCI layouts. Then an image on the engine
 * takes precedence over one of the same name in a registry, as it does for the engine's own builder.
 *
 * @param run runs docker with these arguments
 * @throws {BuildFailedError} when the build fails; its message names the log and shows its end
 */
async function runBuild<T>(
  client: DockerClient,
  session: BuildSession,
  instructions: BuildInstructions | BuildRequest,
  run: (args: string[], options: RunOptions) => Promise<T>,
): Promise<T> {
  const cli = await client.cli();
  if (cli.builder === null) {
    throw new EngineUnsuitableError(
      `the docker client at ${cli.path} (${cli.version}) has no buildx plugin and can't build with BuildKit; install docker-buildx`,
    );
  }
  const { separate } = await session.builder();
  const named = Object.keys(instructions.contexts ?? {});
  if (named.length > 0 && separate === null && cli.builder === "built-in") {
    throw new EngineUnsuitableError(
      `the contexts ${named.join(", ")} can't be given to this builder: docker ${cli.version} builds without buildx, ` +
        "which has them; use Docker 23 or newer, or name a newer builder with `builder`",
    );
  }
  const { cacheFrom = [], cacheTo = [], policy = null } = instructions;
  if (cacheFrom.length + cacheTo.length > 0 && separate === null && cli.builder === "built-in") {
    throw new EngineUnsuitableError(
      `cacheFrom and cacheTo can't be given to this builder: docker ${cli.version} builds without buildx, which has them; ` +
        "use Docker 23 or newer, or name a newer builder with `builder`",
    );
  }
  // A policy judges references to registries, and knows no layouts. So the builder fetches what has a digest.
  const bases = instructions.bases.filter(({ reference }) => policy === null || !reference.includes("@"));
  const contexts =
    separate === null ? new Map<string, string>() : await session.handIn(bases, instructions.signal);
  const scratch = await temporaryFolder("build");
  try {
    const dockerfile = join(scratch, policy?.recipe ?? "Dockerfile");
    await writeFile(dockerfile, instructions.dockerfile);
    if (policy !== null) await writeFile(`${dockerfile}.rego`, policy.text);
    // Beside the Dockerfile, a file of this name takes precedence over the context's .dockerignore.
    await writeFile(`${dockerfile}.dockerignore`, instructions.ignore);
    const buildx = cli.builder.startsWith("buildx");
    await appendFile(instructions.logFile, `${BUILD_BEGINS}\n`, { mode: 0o600 });
    return await run(buildArguments(instructions, { dockerfile, buildx, separate, contexts }), {
      title: `docker build of ${instructions.name}`,
      env: { ...buildVariables(instructions), BUILDKIT_PROGRESS: "plain", NO_COLOR: "1" },
      logFile: instructions.logFile,
      logLine: instructions.logLine ?? hideCredentials,
      timeoutMs: instructions.timeoutMs,
      signal: instructions.signal,
    });
  } catch (error) {
    if (error instanceof CommandError && !error.failure.cancelled)
      throw await explain(error, instructions, client.where);
    throw error;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/**
 * Builds an image and reads it back.
 *
 * @throws {BuildFailedError} when the build ends without an image
 */
export async function buildImage(
  client: DockerClient,
  session: BuildSession,
  request: BuildRequest,
): Promise<ImageFacts> {
  await runBuild(client, session, request, (args, options) => client.run(args, options));
  const facts = await inspectImage(client, request.tag);
  if (facts === null) {
    throw new EngineUnreachableError(`docker build succeeded, but ${request.tag} is not on the engine`);
  }
  return facts;
}

/**
 * Builds, and reads the file system as a tar stream while the builder sends it (BuildKit's exporter `tar`).
 *
 * @throws {BuildFailedError} when the build fails, even if the stream looked complete
 */
export async function readBuild<T>(
  client: DockerClient,
  session: BuildSession,
  instructions: BuildInstructions,
  read: (stream: Readable) => Promise<T>,
): Promise<T> {
  return await runBuild(client, session, instructions, (args, options) =>
    readCommand(client, args, options, read, isRefusal),
  );
}

async function explain(
  error: CommandError,
  request: BuildInstructions,
  where: string,
): Promise<BuildFailedError | EngineUnreachableError> {
  const log = await readFile(request.logFile, "utf8").catch(() => "");
  const tail = tailOf(
    log.slice(Math.max(log.lastIndexOf(BUILD_BEGINS), 0)).replace(BUILD_BEGINS, ""),
    TAIL_LINES,
  );
  const ending = error.failure.timedOut ? null : buildEnding(tail);
  if (ending !== null) {
    const words = endingWords(ending, request.name, where, request.logFile);
    return ending.kind === "lost"
      ? new EngineUnreachableError(words, { cause: error })
      : new BuildFailedError(words, request.logFile, tail);
  }
  const how = error.failure.timedOut
    ? `did not finish within ${request.timeoutMs / 1000} s (the limit is \`timeouts.rebuild\`)`
    : `failed with exit code ${error.failure.exitCode ?? "unknown"}`;
  return new BuildFailedError(
    `docker build ${how}; its log is ${request.logFile}, and ends:\n${tail}`,
    request.logFile,
    tail,
  );
}
