import { CommandError } from "../../base/process/command-error";
import type { BuilderFacts } from "../engine";
import { EngineUnreachableError, EngineUnsuitableError } from "../errors";
import type { DockerClient } from "./client";
import { resolveEndpoint } from "./resolve-endpoint";
import { isRelease } from "../frontend";
import { isOlder } from "./version";

/** What `docker buildx inspect` says about a builder. */
interface InspectedBuilder {
  name: string;
  /** null if the engine that it belongs to does not answer. */
  driver: string | null;
  /** Where its first node is: for the driver `docker` the name of a context; null if it names none. */
  endpoint: string | null;
  buildkit: string | null;
  /** Why it can't be used now; null if it can. */
  error: string | null;
}

/** The builder that is used for an engine. */
export interface Builder extends BuilderFacts {
  /**
   * The selected builder, if it is separate from the engine; null: the engine's own builder is used. A separate builder
   * does not see the engine's images, and the engine gets the result only if it is told to load it.
   */
  separate: {
    name: string;
    /** The engine's platform, such as `linux/amd64`. The builder builds for it if the request names none. */
    platform: string;
  } | null;
}

/** The engine's own builder. It is used if there is no buildx plugin, which could have selected another one. */
const BUILT_IN: Builder = { driver: "docker", buildkit: null, separate: null };

/** The first releases that accept an OCI layout in place of a reference. */
const OLDEST = { buildx: "0.10.0", buildkit: "0.11.0" };

/**
 * The BuildKit that came with each major version of Docker's engine at first. An engine that a distribution has built often
 * does not tell it.
 */
const COMES_WITH: Readonly<Record<string, string>> = {
  23: "0.10.6",
  24: "0.11.6",
  25: "0.12.4",
  26: "0.13.1",
  27: "0.14.1",
  28: "0.20.0",
};
const NEWEST = 28;

function leastBuildKit(engine: string): { least?: string } {
  const major = Number.parseInt(engine, 10);
  const least = COMES_WITH[Math.min(major, NEWEST)];
  return least === undefined ? {} : { least };
}

/** Milliseconds for the start of a builder, which may have to pull its image. */
const START_MS = 5 * 60_000;

/** Reads the output of `docker buildx inspect`. Null if it names no builder. Of several nodes the first one counts. */
export function parseBuilder(text: string): InspectedBuilder | null {
  const value = (label: string): string | null =>
    new RegExp(`^${label}:[ \\t]+(\\S.*)$`, "m").exec(text)?.[1]?.trim() ?? null;
  const [name, driver] = [value("Name"), value("Driver")];
  if (name === null) return null;
  // Older releases say `Buildkit:`.
  const buildkit = value("Build[Kk]it(?: version)?")?.replace(/^v/, "") ?? null;
  // An inactive builder is started by its first build. Only a remote one has to be started by its owner.
  const idle =
    driver === "remote" && value("Status") === "inactive" ? "nothing answers at its endpoint" : null;
  return { name, driver, endpoint: value("Endpoint"), buildkit, error: value("Error") ?? idle };
}

/** Why a separate builder can't be used; null if it can. */
export function unsuitable(builder: InspectedBuilder, buildx: string): string | null {
  const sentence = (what: string, found: string, least: string): string =>
    `the builder ${builder.name} (driver ${builder.driver}) can't use the engine's images: ${what} is ${found}, ` +
    `and ${least} or newer is needed; update it, or select the engine's own builder (BUILDX_BUILDER=default)`;
  if (isOlder(buildx, OLDEST.buildx)) return sentence("buildx", buildx, OLDEST.buildx);
  const { buildkit } = builder;
  if (buildkit !== null && isOlder(buildkit, OLDEST.buildkit))
    return sentence("its BuildKit", buildkit, OLDEST.buildkit);
  return null;
}

/**
 * Why a builder with the driver `docker` can't be used; null if it can. It is the engine of a Docker context. Images that
 * another engine builds are not on this one.
 */
async function otherEngine(client: DockerClient, found: InspectedBuilder): Promise<string | null> {
  const { name, endpoint } = found;
  if (endpoint === null || endpoint === client.context) return null;
  const [theirs, ours] = await Promise.all([
    resolveEndpoint(client, endpoint),
    resolveEndpoint(client, client.host),
  ]);
  if (theirs === ours) return null;
  return (
    `the builder ${name} is the engine at ${theirs}, and the image is to be on the engine at ${ours}; ` +
    "select a builder of that engine with `builder` or BUILDX_BUILDER, or name the builder's engine with `host`"
  );
}

/**
 * Finds the builder that is used: the one that the client was made for, the one in BUILDX_BUILDER, or else the one that
 * `docker buildx use` has selected. Without the buildx plugin it is the engine's own. A builder that is idle is started, as a build would do: before that
 * it has no version.
 *
 * @throws {EngineUnsuitableError} when the selected builder does not exist or is too old
 * @throws {EngineUnreachableError} when it does not answer
 */
export async function effectiveBuilder(client: DockerClient): Promise<Builder> {
  const { path, version, buildx, builder: own } = await client.cli();
  if (buildx === null && client.builder !== undefined) {
    throw new EngineUnsuitableError(
      `the builder ${client.builder} can't be used: the docker client at ${path} (${version}) has no buildx plugin; ` +
        "install docker-buildx, or leave the builder out",
    );
  }
  if (buildx === null) return BUILT_IN;
  let found = parseBuilder(await inspected(client));
  const idle = found?.driver === "docker-container" || found?.driver === "kubernetes";
  if (found?.buildkit === null && found.error === null && idle) found = await started(client, found);
  if (found === null) throw new EngineUnsuitableError("docker buildx inspect named no builder");
  const { name, driver, buildkit } = found;
  if (driver === "docker") {
    const other = await otherEngine(client, found);
    if (other !== null) throw new EngineUnsuitableError(other);
    // Before version 23, `docker build` does not use the plugin.
    const facts = { driver, buildkit, ...(own === "built-in" ? {} : { buildx }), separate: null };
    if (isRelease(buildkit)) return facts;
    const { stdout } = await client.run(["version", "--format", "{{.Server.Version}}"], {
      timeoutMs: client.inspectMs,
    });
    return { ...facts, ...leastBuildKit(stdout.trim()) };
  }
  if (found.error !== null || driver === null) {
    throw new EngineUnreachableError(
      `the builder ${name} (driver ${driver ?? "unknown"}) does not answer (${found.error ?? "no driver"}); start it, or select another one ` +
        "with `builder`, BUILDX_BUILDER or `docker buildx use`",
    );
  }
  const wrong = unsuitable(found, buildx);
  if (wrong !== null) throw new EngineUnsuitableError(wrong);
  const platform = await client.run(["version", "--format", "{{.Server.Os}}/{{.Server.Arch}}"], {
    timeoutMs: client.inspectMs,
  });
  return { driver, buildkit, buildx, separate: { name, platform: platform.stdout.trim() } };
}

/** What a builder says once it runs. If it can't be started, it is returned as it was found; the build will say why. */
async function started(client: DockerClient, found: InspectedBuilder): Promise<InspectedBuilder> {
  try {
    const { stdout } = await client.run(["buildx", "inspect", "--bootstrap"], { timeoutMs: START_MS });
    return parseBuilder(stdout) ?? found;
  } catch (error) {
    if (!(error instanceof CommandError) || error.failure.cancelled) throw error;
    return found;
  }
}

async function inspected(client: DockerClient): Promise<string> {
  try {
    return (await client.run(["buildx", "inspect"], { timeoutMs: client.inspectMs })).stdout;
  } catch (error) {
    if (!(error instanceof CommandError) || error.failure.cancelled) throw error;
    const detail = (error.failure.stderr || error.message).trim().split("\n").at(-1) ?? "";
    throw new EngineUnsuitableError(
      `the ${client.builder === undefined ? "selected builder" : `builder ${client.builder}`} is unknown, because ` +
        `docker buildx inspect failed (${detail}); select one with \`builder\`, BUILDX_BUILDER or \`docker buildx use\``,
    );
  }
}
