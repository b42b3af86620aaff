import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { storedContext } from "../../../provider/engines/docker/stored-context";
import type { Properties } from "./values";

const execute = promisify(execFile);

/** Runs `docker <args>` and returns what it printed, trimmed. A failure throws: `<task>: <what docker said>`. */
export type Docker = (args: readonly string[], task: string) => Promise<string>;

/**
 * The docker client on PATH, told where its engine is as the real plugin finds it: `context`, else DOCKER_CONTEXT, else
 * `host`, else DOCKER_HOST, else the local socket. A context is looked up below `~/.docker`, whatever DOCKER_CONFIG says, and
 * `default` is none. The user's current context doesn't count. Calls are short and aren't cancelled: a container that
 * is half made would be nobody's.
 */
export function dockerAt({ context, host }: Properties): Docker {
  const { DOCKER_HOST, DOCKER_CONTEXT, ...env } = process.env;
  const chosen = text(context) ?? text(DOCKER_CONTEXT);
  const endpoint = async (): Promise<string> => {
    if (chosen === undefined) return text(host) ?? text(DOCKER_HOST) ?? "unix:///var/run/docker.sock";
    const found = await storedContext(chosen);
    if (found === null) throw new Error(`could not find context "${chosen}"`);
    return found;
  };
  return async (args, task) => {
    const at = await endpoint();
    const done = execute("docker", ["--host", at, ...args], { env, maxBuffer: 2 ** 28 });
    const { stdout } = await done.catch((error: Error & { stderr?: string }) => {
      throw new Error(`${task}: ${error.stderr?.trim() || error.message}`);
    });
    return stdout.trim();
  };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
