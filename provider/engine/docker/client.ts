import { run, start, type RunOptions, type RunResult, type Started } from "../../process/run";
import { CommandError } from "../../process/command-error";
import type { EngineIdentity } from "../engine";
import { EngineUnreachableError } from "../errors";
import { findDockerCli, type DockerCli } from "./find-cli";

/** Runs docker against one endpoint. */
export interface DockerClient {
  cli(): Promise<DockerCli>;
  run(args: readonly string[], options?: RunOptions): Promise<RunResult>;
  start(args: readonly string[], options?: RunOptions): Promise<Started>;
  /** The endpoint in words. */
  readonly where: string;
  /** Limit for a question to the engine, milliseconds. */
  readonly inspectMs: number;
}

/** The flags that select an endpoint or a context; none is the user's current one. Pure. */
export function hostArguments(host: string | undefined): string[] {
  if (host === undefined) return [];
  return host.includes("://") ? ["--host", host] : ["--context", host];
}

/** BuildKit on, hints off; the answers are parsed, so they are asked for in English. */
const ENVIRONMENT = { DOCKER_BUILDKIT: "1", DOCKER_CLI_HINTS: "false", LC_ALL: "C" };

/**
 * A client of the engine at `host`.
 *
 * @param host `unix://`, `tcp://`, `ssh://user@host`, a context's name, or undefined: the user's current one
 */
export function dockerClient(host: string | undefined, inspectMs: number): DockerClient {
  const where = host ?? process.env.DOCKER_HOST ?? "the current Docker context";
  const prepare = (args: readonly string[], options: RunOptions): [string[], RunOptions] => [
    [...hostArguments(host), ...args],
    { title: `docker ${args.slice(0, 2).join(" ")}`, ...options, env: { ...ENVIRONMENT, ...options.env } },
  ];
  return {
    where,
    inspectMs,
    cli: () => findDockerCli(),
    async run(args, options = {}) {
      return await run((await findDockerCli()).path, ...prepare(args, options));
    },
    async start(args, options = {}) {
      return await start((await findDockerCli()).path, ...prepare(args, options), false);
    },
  };
}

/**
 * Asks the daemon who it is: the positive proof that the engine can be reached.
 *
 * @throws {EngineUnreachableError} when nothing answers within the limit
 */
export async function engineIdentity(client: DockerClient): Promise<EngineIdentity> {
  const cli = await client.cli();
  try {
    const answer = await client.run(["info", "--format", "{{.ID}}\t{{.ServerVersion}}"], {
      timeoutMs: client.inspectMs,
    });
    const [id = "", version = ""] = answer.stdout.trim().split("\t");
    if (version !== "") {
      return { id, serverVersion: version, clientVersion: cli.version, builder: cli.builder ?? "none" };
    }
    throw new EngineUnreachableError(unreachable(client.where, answer.stderr || "it gave no version"));
  } catch (error) {
    if (!(error instanceof CommandError) || error.failure.cancelled) throw error;
    throw new EngineUnreachableError(unreachable(client.where, error.failure.stderr || error.message), {
      cause: error,
    });
  }
}

function unreachable(where: string, detail: string): string {
  return (
    `Docker is not reachable at ${where} (${detail.trim().split("\n").at(-1)}); ` +
    "start the engine, or name another one with `host` or DOCKER_HOST"
  );
}
