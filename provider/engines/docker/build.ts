import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CommandError } from "../../base/process/command-error";
import { hideCredentials } from "../../base/words/credentials";
import { tailOf } from "../../base/process/tail";
import { temporaryFolder } from "../../base/process/temporary";
import type { BuildRequest, ImageFacts } from "../engine";
import { BuildFailedError, EngineUnreachableError, EngineUnsuitableError } from "../errors";
import type { BuildSession } from "./build-session";
import type { Builder } from "./builder";
import type { DockerClient } from "./client";
import { buildVariables } from "./build-variables";
import { inspectImage } from "./inspect";

/** How many lines of the build log an error shows. */
const TAIL_LINES = 20;

/** Writes one field of a flag that docker reads as CSV (RFC 4180). */
function field(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** What a build is run with, apart from the request. */
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
export function buildArguments(request: BuildRequest, tools: BuildTools): string[] {
  const { separate } = tools;
  // Before version 23, `docker build` knows only the engine's own builder.
  const args = separate === null ? ["build"] : ["buildx", "build", "--builder", separate.name];
  args.push("--progress", "plain", "--file", tools.dockerfile, "--tag", request.tag);
  if (!request.cache) args.push("--no-cache");
  // With an attestation, the result would be an index, whose ID says nothing about the image's content.
  if (tools.buildx || separate !== null) args.push("--provenance=false", "--sbom=false", "--load");
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
  for (const [reference, from] of tools.contexts) args.push("--build-context", `${reference}=${from}`);
  return [...args, request.context];
}

/**
 * Builds an image with BuildKit and reads it back.
 *
 * A separate builder does not see the engine's images, so it gets them as OCI layouts. Then an image on the engine
 * takes precedence over one of the same name in a registry, as it does for the engine's own builder.
 *
 * @throws {BuildFailedError} when the build ends without an image; its message names the log and shows its end
 */
export async function buildImage(
  client: DockerClient,
  session: BuildSession,
  request: BuildRequest,
): Promise<ImageFacts> {
  const cli = await client.cli();
  if (cli.builder === null) {
    throw new EngineUnsuitableError(
      `the docker client at ${cli.path} (${cli.version}) has no buildx plugin and can't build with BuildKit; install docker-buildx`,
    );
  }
  const { separate } = await session.builder();
  const contexts =
    separate === null ? new Map<string, string>() : await session.handIn(request.bases, request.signal);
  const scratch = await temporaryFolder("build");
  try {
    const dockerfile = join(scratch, "Dockerfile");
    await writeFile(dockerfile, request.dockerfile);
    // Beside the Dockerfile, a file of this name takes precedence over the context's .dockerignore.
    await writeFile(`${dockerfile}.dockerignore`, request.ignore);
    const buildx = cli.builder.startsWith("buildx");
    await client.run(buildArguments(request, { dockerfile, buildx, separate, contexts }), {
      title: `docker build of ${request.name ?? request.tag}`,
      env: { ...buildVariables(request), BUILDKIT_PROGRESS: "plain", NO_COLOR: "1" },
      logFile: request.logFile,
      logLine: request.logLine ?? hideCredentials,
      timeoutMs: request.timeoutMs,
      signal: request.signal,
    });
  } catch (error) {
    if (error instanceof CommandError && !error.failure.cancelled) throw await explain(error, request);
    throw error;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  const facts = await inspectImage(client, request.tag);
  if (facts === null) {
    throw new EngineUnreachableError(`docker build succeeded, but ${request.tag} is not on the engine`);
  }
  return facts;
}

async function explain(error: CommandError, request: BuildRequest): Promise<BuildFailedError> {
  const tail = tailOf(await readFile(request.logFile, "utf8").catch(() => ""), TAIL_LINES);
  const how = error.failure.timedOut
    ? `did not finish within ${request.timeoutMs / 1000} s (the limit is \`timeouts.rebuild\`)`
    : `failed with exit code ${error.failure.exitCode ?? "unknown"}`;
  return new BuildFailedError(
    `docker build ${how}; its log is ${request.logFile}, and ends:\n${tail}`,
    request.logFile,
    tail,
  );
}
