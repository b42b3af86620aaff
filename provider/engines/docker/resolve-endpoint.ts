import type { DockerClient } from "./client";
import { schemed } from "./endpoint";

/**
 * The endpoint that a client talks to. A context's name is looked up, and so is the user's current context.
 *
 * @param host the `host` that the client was made for
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
