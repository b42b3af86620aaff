import { captureFileSystem } from "../../packages/capture/capture";
import { captureManifest } from "../../packages/capture/manifest";
import { askTogether } from "../ask-together";
import type { Engine } from "../engine";
import { basesWith, knowsBase } from "./bases-with";
import { buildImage, readBuild } from "./build";
import { withBuildSession, type BuildSession } from "./build-session";
import { dockerClient, engineIdentity, type DockerClient } from "./client";
import { debianPackages } from "./debian-packages";
import { inspectImages } from "./inspect";
import { platformImages } from "./platform-images";
import { readImage } from "./read-image";
import { removeImage, sweepLeftovers, tagImage, tagsOf, untagImage } from "./tags";

const TRANSFER_MS = 20 * 60_000;

/**
 * Docker, through its own command line client. The client takes care of connections, contexts, ssh and credentials.
 *
 * @param host `unix://`, `tcp://`, `ssh://user@host`, a context's name, or undefined: the user's current one
 * @param inspectMs limit for one question to the engine, in milliseconds
 * @param builder the buildx builder for its builds; default: the one that is selected
 */
export function dockerEngine(host: string | undefined, inspectMs: number, builder?: string): Engine {
  const client = dockerClient(host, inspectMs, builder);
  // Whatever of these differs could lead to another engine, or to another answer.
  const endpoint = JSON.stringify([host, inspectMs, client.context, process.env]);
  return askTogether(endpoint, engineOf(client, null));
}

/** @param session the one that all builds share; null: each build has its own */
function engineOf(client: DockerClient, session: BuildSession | null): Engine {
  const during = <T>(work: (session: BuildSession) => Promise<T>): Promise<T> =>
    session === null ? withBuildSession(client, work) : work(session);
  return {
    kind: "docker",
    identity: () => engineIdentity(client),
    inspect: (references) => inspectImages(client, references),
    platformImages: (imageId) => platformImages(client, imageId),
    async pull(reference, platform, signal) {
      const flags = platform === null ? [] : ["--platform", platform];
      await client.run(["pull", "--quiet", ...flags, reference], { timeoutMs: TRANSFER_MS, signal });
    },
    async push(reference, signal) {
      await client.run(["push", "--quiet", reference], { timeoutMs: TRANSFER_MS, signal });
    },
    build: (request) => during((own) => buildImage(client, own, request)),
    captureBuild: (instructions) =>
      during((own) =>
        readBuild(client, own, instructions, (stream) =>
          captureFileSystem(stream, { signal: instructions.signal }),
        ),
      ),
    manifestBuild: (instructions) =>
      during((own) => readBuild(client, own, instructions, (stream) => captureManifest(stream))),
    builder: () =>
      during(async (own) => {
        const { driver, buildkit, buildx, least } = await own.builder();
        return { driver, buildkit, buildx, least };
      }),
    during: (work) => during((own) => work(engineOf(client, own))),
    capture: (imageId, signal) =>
      during((own) =>
        readImage(client, own, imageId, (stream) => captureFileSystem(stream, { signal }), signal),
      ),
    manifest: (imageId, signal) =>
      during((own) => readImage(client, own, imageId, (stream) => captureManifest(stream), signal)),
    debianPackages: (imageId, signal) => debianPackages(client, imageId, signal),
    basesWith: (imageId, label, value) => basesWith(client, imageId, label, value),
    knowsBase: (imageId) => knowsBase(client, imageId),
    tag: (imageId, reference) => tagImage(client, imageId, reference),
    untag: (reference, imageId) => untagImage(client, reference, imageId),
    remove: (reference) => removeImage(client, reference),
    tagsOf: (repository) => tagsOf(client, repository),
    sweep: () => sweepLeftovers(client),
  };
}
