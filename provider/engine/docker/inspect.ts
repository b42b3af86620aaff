import { CommandError } from "../../process/command-error";
import type { ImageFacts } from "../engine";
import { EngineUnreachableError } from "../errors";
import { engineIdentity, type DockerClient } from "./client";

/** The fields of `docker image inspect` that matter here. */
interface Inspected {
  Id: string;
  RepoTags?: string[] | null;
  RepoDigests?: string[] | null;
  Os?: string;
  Architecture?: string;
  Created?: string;
  Config?: { Labels?: Record<string, string> | null; User?: string | null; OnBuild?: string[] | null } | null;
}

/** Docker's words turned into facts. Pure. */
export function imageFacts(inspected: Inspected): ImageFacts {
  return {
    id: inspected.Id,
    labels: { ...inspected.Config?.Labels },
    tags: inspected.RepoTags ?? [],
    repoDigests: inspected.RepoDigests ?? [],
    user: inspected.Config?.User ?? "",
    onbuild: inspected.Config?.OnBuild ?? [],
    os: inspected.Os ?? "",
    architecture: inspected.Architecture ?? "",
    created: inspected.Created ?? "",
  };
}

/**
 * Facts of one image, or null when it is surely not there.
 *
 * A failed inspect alone proves nothing: the daemon's list of images is asked too, and only an image that a
 * complete list lacks counts as gone.
 *
 * @throws {EngineUnreachableError} when the engine doesn't answer, or contradicts itself
 */
export async function inspectImage(client: DockerClient, reference: string): Promise<ImageFacts | null> {
  try {
    const answer = await client.run(["image", "inspect", reference], { timeoutMs: client.inspectMs });
    const [first] = JSON.parse(answer.stdout) as Inspected[];
    if (first !== undefined) return imageFacts(first);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    if (error.failure.notStarted || error.failure.cancelled) throw error;
    if (error.failure.timedOut) {
      throw new EngineUnreachableError(
        `Docker at ${client.where} did not answer within ${client.inspectMs / 1000} s (docker image inspect); ` +
          "is the engine overloaded? The limit is `timeouts.inspect`",
        { cause: error },
      );
    }
  }
  await engineIdentity(client);
  if (await isListed(client, reference)) {
    throw new EngineUnreachableError(
      `Docker at ${client.where} lists the image ${reference} but can't inspect it; try again`,
    );
  }
  return null;
}

/** True when the engine's complete list of images has this reference or ID. */
async function isListed(client: DockerClient, reference: string): Promise<boolean> {
  const format = "{{.ID}}\t{{.Repository}}:{{.Tag}}\t{{.Repository}}@{{.Digest}}";
  try {
    const answer = await client.run(["image", "ls", "--all", "--no-trunc", "--digests", "--format", format], {
      timeoutMs: client.inspectMs,
    });
    return answer.stdout.split("\n").some((line) => line.split("\t").includes(reference));
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new EngineUnreachableError(`Docker at ${client.where} did not list its images: ${error.message}`, {
      cause: error,
    });
  }
}
