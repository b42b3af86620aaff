import { createHash } from "node:crypto";
import { run, start, type RunOptions, type RunResult, type Started } from "../../base/process/run";
import { CommandError } from "../../base/process/command-error";
import type { EngineIdentity } from "../engine";
import { imageStoreName } from "../image-store";
import { EngineUnreachableError, EngineUnsuitableError } from "../errors";
import { NO_QUESTIONS } from "../../base/ssh/environment";
import { isOverSsh, sshFailure } from "../../base/ssh/failure";
import { contextName, keptContext } from "./current-context";
import { schemed, withoutUserinfo } from "./endpoint";
import { findDockerCli, type DockerCli } from "./find-cli";
import { isSuspect, refusedEngine } from "./refused-engine";

export interface DockerClient {
  cli(): Promise<DockerCli>;
  run(args: readonly string[], options?: RunOptions): Promise<RunResult>;
  start(args: readonly string[], options?: RunOptions): Promise<Started>;
  /** The endpoint, for messages. */
  readonly where: string;
  /** The name of the Docker context that is used, as buildx has it: `default` where an endpoint is named instead. */
  readonly context: string;
  /** The endpoint or context that the client was made for; undefined: the user's current one. */
  readonly host: string | undefined;
  /** The builder that was asked for; undefined: the selected one is used. */
  readonly builder: string | undefined;
  /** Limit for one question to the engine, in milliseconds. */
  readonly inspectMs: number;
}

/** The flags that select an endpoint or a context. None select the user's current one. */
export function hostArguments(host: string | undefined): string[] {
  if (host === undefined) return [];
  return host.includes("://") ? ["--host", host] : ["--context", host];
}

/** BuildKit on, hints off. Answers come in English, because they are parsed. Nothing is asked of the user. */
const ENVIRONMENT = { DOCKER_BUILDKIT: "1", DOCKER_CLI_HINTS: "false", LC_ALL: "C", ...NO_QUESTIONS };

/** An error of docker's that says that ssh did not reach the engine; null for any other. Output of builds is not read. */
function lostOverSsh(where: string, error: unknown, args: readonly string[]): EngineUnreachableError | null {
  if (!(error instanceof CommandError) || error.failure.cancelled || args.includes("build")) return null;
  const { stderr } = error.failure;
  if (!/error during connect|docker\.example\.com/.test(stderr)) return null;
  const sentence = sshSentence(where, stderr);
  return sentence === null ? null : new EngineUnreachableError(sentence, { cause: error });
}

function sshSentence(where: string, printed: string): string | null {
  const sentence = isOverSsh(where, printed) ? sshFailure(where, printed) : null;
  return sentence === null ? null : `Docker is not reachable at ${where}: ${sentence}`;
}

/**
 * A client of the engine at `host`.
 *
 * @param host `unix://`, `tcp://`, `ssh://user@host`, a context's name, or undefined: the user's current one
 * @param inspectMs limit for one question to the engine, in milliseconds
 * @param builder the buildx builder for its builds; default: the one in BUILDX_BUILDER, or else the selected one
 */
export function dockerClient(host: string | undefined, inspectMs: number, builder?: string): DockerClient {
  const { DOCKER_HOST } = process.env;
  const selected = DOCKER_HOST ? schemed(DOCKER_HOST) : "the current Docker context";
  const where = withoutUserinfo(host ?? selected);
  const kept = {
    ...(host === undefined ? keptContext(process.env) : {}),
    ...(builder === undefined ? {} : { BUILDX_BUILDER: builder }),
  };
  const prepare = (args: readonly string[], options: RunOptions): [string[], RunOptions] => [
    [...hostArguments(host), ...args],
    {
      title: `docker ${args.slice(0, 2).join(" ")}`,
      ...options,
      env: { ...ENVIRONMENT, ...kept, ...options.env },
    },
  ];
  return {
    where,
    host,
    context: contextName(host, process.env),
    builder,
    inspectMs,
    cli: () => findDockerCli(),
    async run(args, options = {}) {
      try {
        return await run((await findDockerCli()).path, ...prepare(args, options));
      } catch (error) {
        throw lostOverSsh(where, error, args) ?? error;
      }
    },
    async start(args, options = {}) {
      return await start((await findDockerCli()).path, ...prepare(args, options), false);
    },
  };
}

/**
 * Asks the daemon for its identity. An answer proves that the engine can be reached.
 *
 * @throws {EngineUnreachableError} when nothing answers within the limit
 * @throws {EngineUnsuitableError} when what answers is too old, or no Docker
 */
export async function engineIdentity(client: DockerClient): Promise<EngineIdentity> {
  const cli = await client.cli();
  try {
    // JSON is used because of clients before 23: with a template of fields they report only an error in the template.
    const answer = await client.run(["info", "--format", "{{json .}}"], { timeoutMs: client.inspectMs });
    const info = readInfo(answer.stdout);
    const { ID: id = "", ServerVersion: version = "", ServerErrors: errors } = info;
    if (version !== "") {
      await assertUsable(client, version);
      const [machine, imageStore] = [machineOf(info), imageStoreOf(info)];
      return {
        ...{ id, serverVersion: version, clientVersion: cli.version, builder: cli.builder ?? "none" },
        ...(machine === null ? {} : { machine }),
        ...(imageStore === null ? {} : { imageStore }),
      };
    }
    const printed = errors?.join("\n") ?? answer.stderr;
    throw new EngineUnreachableError(unreachable(client.where, printed || "it gave no version"));
  } catch (error) {
    if (!(error instanceof CommandError) || error.failure.cancelled) throw error;
    const { timedOut, stderr } = error.failure;
    if (timedOut) throw noAnswer(client, "info", error);
    throw new EngineUnreachableError(unreachable(client.where, stderr || error.message), { cause: error });
  }
}

/** @throws {EngineUnsuitableError} when what answers is too old, or no Docker */
async function assertUsable(client: DockerClient, version: string): Promise<void> {
  if (!isSuspect(version)) return;
  const asked = ["version", "--format", "{{json .Server}}"];
  const { stdout } = await client.run(asked, { timeoutMs: client.inspectMs });
  const refusal = refusedEngine(client.where, version, stdout);
  if (refusal !== null) throw new EngineUnsuitableError(refusal);
}

/** The fields of `docker info` that are used here. ServerErrors is there if the engine did not answer. */
interface Info {
  ID?: string;
  ServerVersion?: string;
  ServerErrors?: string[];
  Name?: string;
  DockerRootDir?: string;
  Driver?: string;
  DriverStatus?: [string, string][] | null;
}

/** See {@link EngineIdentity.machine}. */
function machineOf({ Name: name, DockerRootDir: data }: Info): string | null {
  if (name === undefined || data === undefined) return null;
  return createHash("sha256")
    .update(JSON.stringify([name, data]))
    .digest("hex");
}

/** See {@link EngineIdentity.imageStore}. */
function imageStoreOf({ Driver: driver, DriverStatus: status }: Info): string | null {
  if (driver === undefined || driver === "") return null;
  const isContainerds = status?.some(([, value]) => value.startsWith("io.containerd.snapshotter")) === true;
  return imageStoreName(driver, isContainerds);
}

function readInfo(text: string): Info {
  try {
    return (JSON.parse(text) ?? {}) as Info;
  } catch {
    return {};
  }
}

/** The error for a daemon that takes a question and gives no answer. It may be busy. */
export function noAnswer(client: DockerClient, asked: string, cause: CommandError): EngineUnreachableError {
  return new EngineUnreachableError(
    `Docker at ${client.where} did not answer within ${client.inspectMs / 1000} s (docker ${asked}); ` +
      "is the engine overloaded? The limit is `timeouts.inspect`",
    { cause },
  );
}

function unreachable(where: string, printed: string): string {
  const detail = withoutUserinfo(printed.trim().split("\n").at(-1)?.trim() ?? "");
  return (
    sshSentence(where, printed) ??
    `Docker is not reachable at ${where} (${detail}); ` +
      "start the engine, or name another one with `host` or DOCKER_HOST"
  );
}
