import { CommandError } from "../../../../provider/base/process/command-error";
import type { DockerClient } from "../../../../provider/engines/docker/client";
import { commandFailure } from "../../../support/command-failure";

/** One command of a docker client with its answer; `exitCode` where it failed. */
interface Call {
  asked: string;
  stdout: string;
  stderr: string;
  exitCode?: number;
}

/** What one engine has answered. */
export interface Recording {
  /** What `docker` and its plugin buildx are. */
  cli: Awaited<ReturnType<DockerClient["cli"]>>;
  calls: Call[];
}

/** What is sent to a command counts, too. */
const key = (args: readonly string[], input: unknown): string =>
  [...args, ...(typeof input === "string" ? [input] : [])].join(" ");

/** A client that asks another one and keeps each answer, changed by `without`. */
export function recordingClient(
  client: DockerClient,
  calls: Call[],
  without: (asked: string, stdout: string) => string,
): DockerClient {
  return {
    ...client,
    async run(args, options = {}) {
      const asked = key(args, options.input);
      try {
        const result = await client.run(args, options);
        calls.push({ asked, stdout: without(asked, result.stdout), stderr: result.stderr });
        return result;
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
        const { stderr, exitCode } = error.failure;
        calls.push({ asked, stdout: "", stderr, exitCode: exitCode ?? -1 });
        throw error;
      }
    },
  };
}

/** A client that answers as an engine has once answered. */
export function replayingClient({ cli, calls }: Recording): DockerClient {
  return {
    where: "the recording",
    inspectMs: 5_000,
    cli: () => Promise.resolve(cli),
    start: () => Promise.reject(new Error("nothing is started")),
    run(args, options = {}) {
      const asked = key(args, options.input);
      const call = calls.find((one) => one.asked === asked);
      if (call === undefined)
        return Promise.reject(new Error(`nobody has recorded docker ${asked}: record the engines anew`));
      const { stdout, stderr, exitCode } = call;
      if (exitCode === undefined) return Promise.resolve({ stdout, stderr });
      return Promise.reject(new CommandError(commandFailure({ command: "docker", exitCode, stderr })));
    },
  };
}
