import type { DockerClient } from "./client";
import { schemed } from "./endpoint";

/**
 * Where a client's questions go in the end: a context's name is looked up, and so is the user's current one.
 *
 * @param host the `host` of the client
 */
export async function resolveEndpoint(client: DockerClient, host: string | undefined): Promise<string> {
  if (host?.includes("://") === true) return host;
  if (host === undefined && process.env.DOCKER_HOST) return schemed(process.env.DOCKER_HOST);
  const name = host === undefined ? [] : [host];
  const answer = await client.run(["context", "inspect", ...name, "--format", "{{.Endpoints.docker.Host}}"], {
    timeoutMs: client.inspectMs,
  });
  return answer.stdout.trim();
}
