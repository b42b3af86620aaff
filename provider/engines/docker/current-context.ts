import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";

const configuration = z.object({ currentContext: z.string().optional() });

/**
 * The environment that keeps the docker client at the context that is the current one now. Somebody may switch it
 * (`docker context use`) while an image is judged and tagged, and the two must happen on one engine.
 *
 * Empty where DOCKER_HOST or DOCKER_CONTEXT already decide.
 */
export function keptContext(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  if (env.DOCKER_HOST || env.DOCKER_CONTEXT) return {};
  const folder = env.DOCKER_CONFIG || join(homedir(), ".docker");
  return { DOCKER_CONTEXT: contextIn(join(folder, "config.json")) };
}

/**
 * The name of the context that a client uses, as buildx has it: `default` where an endpoint is named instead.
 *
 * @param host the endpoint or context that the client is made for; undefined: the user's current one
 */
export function contextName(
  host: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string {
  if (host !== undefined) return host.includes("://") ? "default" : host;
  if (env.DOCKER_HOST) return "default";
  return env.DOCKER_CONTEXT || keptContext(env).DOCKER_CONTEXT || "default";
}

/** docker takes its default context when the file is missing or can't be read, with a warning of its own. */
function contextIn(file: string): string {
  try {
    return configuration.parse(JSON.parse(readFileSync(file, "utf8"))).currentContext || "default";
  } catch {
    return "default";
  }
}
