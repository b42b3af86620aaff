import { z } from "zod";
import { isOlder } from "./version";

/** The oldest Docker whose BuildKit has what is needed. */
const OLDEST = "20.10.0";
/** Docker's own versions before that: 1.x, then by year from 17.03 on. Other engines have others. */
const OLD = /^(?:[01]|1[789]|20)\./;

const answer = z.object({
  Components: z.array(z.object({ Name: z.string(), Version: z.string() })).nullish(),
});

/** Whether more has to be known of an engine with this version before it is used. */
export const isSuspect = (version: string): boolean => isOlder(version, OLDEST);

/**
 * Why an engine that answers can't be used; null: it can.
 *
 * @param version of the engine, which is suspect
 * @param server what `docker version` says of the engine, as JSON
 */
export function refusedEngine(where: string, version: string, server: string): string | null {
  const podman = componentsOf(server).find(({ Name: name }) => name.startsWith("Podman"));
  if (podman !== undefined) {
    return (
      `Podman ${podman.Version} answers at ${where}, and not Docker. It builds without BuildKit, and gives another engine ID ` +
      "each time that it is asked, so nothing could be recognised again; name a Docker 20.10 or newer with `host` or DOCKER_HOST"
    );
  }
  if (!OLD.test(version)) return null;
  return (
    `Docker at ${where} is ${version}, and 20.10 or newer is needed; update it, or name another engine with \`host\` or ` +
    "DOCKER_HOST"
  );
}

function componentsOf(server: string): { Name: string; Version: string }[] {
  try {
    return answer.parse(JSON.parse(server)).Components ?? [];
  } catch {
    return [];
  }
}
