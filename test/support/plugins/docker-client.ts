import { spawn } from "node:child_process";
import { storedContext } from "../../../provider/engines/docker/stored-context";
import type { Properties } from "./values";

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
    return await new Promise((resolve, reject) => {
      const child = spawn("docker", ["--host", at, ...args], {
        env,
        stdio: ["ignore", "pipe", "pipe"],
      });
      const parts = { stdout: "", stderr: "" };
      for (const name of ["stdout", "stderr"] as const)
        child[name].setEncoding("utf8").on("data", (chunk: string) => (parts[name] += chunk));
      child.once("error", (error) => reject(new Error(`${task}: ${error.message}`)));
      child.once("close", (code) => {
        if (code === 0) resolve(parts.stdout.trim());
        else reject(new Error(`${task}: ${parts.stderr.trim()}`));
      });
    });
  };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
