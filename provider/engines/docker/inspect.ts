import { setTimeout } from "node:timers/promises";
import { z } from "zod";
import { CommandError } from "../../base/process/command-error";
import { asConfigDigest, parseImageId } from "../../base/reference/digest";
import { isDigest } from "../../base/reference/grammar";
import type { ImageFacts } from "../engine";
import { EngineUnreachableError } from "../errors";
import { isOfContainerd } from "../image-store";
import { engineIdentity, noAnswer, type DockerClient } from "./client";
import { listImages } from "./list-images";

const texts = z.array(z.string()).nullish();

/** The fields of `docker image inspect` that matter here. */
export const inspected = z.object({
  Id: z.string(),
  RepoTags: texts,
  RepoDigests: texts,
  Os: z.string().optional(),
  Architecture: z.string().optional(),
  Created: z.string().optional(),
  Size: z.number().optional(),
  RootFS: z.object({ Layers: texts }).nullish(),
  /** What the ID is the digest of; engines with a graph driver do not tell. */
  Descriptor: z
    .object({
      mediaType: z.string(),
      annotations: z.object({ "config.digest": z.string().optional() }).nullish(),
    })
    .nullish(),
  Config: z
    .object({
      Labels: z.record(z.string(), z.string()).nullish(),
      User: z.string().nullish(),
      OnBuild: texts,
      Env: texts,
    })
    .nullish(),
});
type Inspected = z.output<typeof inspected>;

const INDEX = /\.(?:image\.index\.v1|manifest\.list\.v2)\+json$/;
const MANIFEST = /\.(?:image\.manifest\.v1|distribution\.manifest\.v2)\+json$/;

export function imageFacts(inspected: Inspected): ImageFacts {
  const { annotations, mediaType = "" } = inspected.Descriptor ?? {};
  const noted = annotations?.["config.digest"] ?? "";
  const isIndex = INDEX.test(mediaType);
  const isManifest = MANIFEST.test(mediaType);
  return {
    ...(isIndex ? { isIndex } : {}),
    ...(isManifest ? { isManifest } : {}),
    ...(isDigest(noted) ? { notedConfig: asConfigDigest(noted) } : {}),
    id: parseImageId(inspected.Id),
    labels: { ...inspected.Config?.Labels },
    tags: inspected.RepoTags ?? [],
    repoDigests: inspected.RepoDigests ?? [],
    user: inspected.Config?.User ?? "",
    onbuild: inspected.Config?.OnBuild ?? [],
    environment: (inspected.Config?.Env ?? []).map((entry) => entry.split("=")[0] ?? ""),
    layers: inspected.RootFS?.Layers ?? [],
    os: inspected.Os ?? "",
    architecture: inspected.Architecture ?? "",
    created: inspected.Created ?? "",
    ...(inspected.Size === undefined ? {} : { size: inspected.Size }),
  };
}

/** How often an image is asked for that the engine lists but does not find. */
const ATTEMPTS = 4;
/**
 * Milliseconds until an image is looked for once more. An engine that keeps images with containerd takes a tag away for a moment
 * when it moves it, and with its only tag the image.
 */
const MOVE_MS = 100;

/**
 * Facts of one image; null if it does not exist.
 *
 * A failed inspect alone proves nothing. So the engine's complete list of images is read too, and only an image that is
 * not in it counts as missing.
 *
 * @throws {EngineUnreachableError} when the engine doesn't answer, or keeps contradicting itself
 */
export async function inspectImage(client: DockerClient, reference: string): Promise<ImageFacts | null> {
  let isMissed = false;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const found = await askForOne(client, reference);
    if (found !== null) return found;
    const { names, movesTags } = await completeList(client);
    if (names.has(reference)) continue;
    if (isMissed || !movesTags) return null;
    isMissed = true;
    await setTimeout(MOVE_MS);
  }
  throw contradiction(client, reference);
}

/** Facts of one image; null if docker does not give them for another reason than its silence. */
async function askForOne(client: DockerClient, reference: string): Promise<ImageFacts | null> {
  try {
    const answer = await client.run(["image", "inspect", reference], { timeoutMs: client.inspectMs });
    const [first] = JSON.parse(answer.stdout) as Inspected[];
    return first === undefined ? null : imageFacts(first);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    if (error.failure.notStarted || error.failure.cancelled) throw error;
    if (error.failure.timedOut) throw noAnswer(client, "image inspect", error);
    return null;
  }
}

function contradiction(client: DockerClient, reference: string): EngineUnreachableError {
  return new EngineUnreachableError(
    `Docker at ${client.where} lists the image ${reference} but can't inspect it; try again`,
  );
}

/** How docker says that an image does not exist, before version 23 and since. */
const NOT_THERE = /^Error(?: response from daemon)?: No such image: (.+)$/i;

/**
 * Facts of several images, by the references that were asked for. One question is enough if all exist, which matters
 * because over ssh each question is a connection. Images that docker calls missing are looked up in the engine's list,
 * all at once.
 *
 * @throws {EngineUnreachableError} as {@link inspectImage} does
 */
export async function inspectImages(
  client: DockerClient,
  references: readonly string[],
): Promise<Map<string, ImageFacts | null>> {
  const unique = [...new Set(references)];
  const [first, ...others] = unique;
  if (first === undefined) return new Map();
  if (others.length === 0) return new Map([[first, await inspectImage(client, first)]]);
  const missing: string[] = [];
  let rest = unique;
  let there: Map<string, ImageFacts> | null = null;
  // Others may be removed meanwhile. It ends, because each question is about fewer images.
  while (there === null && rest.length > 0) {
    const reported: string[] = [];
    there = await askForAll(client, rest, reported);
    const news = rest.filter((reference) => reported.includes(reference));
    if (news.length === 0) break;
    missing.push(...news);
    rest = rest.filter((reference) => !news.includes(reference));
  }
  // If docker's answer does not account for all references, each of the others is asked for alone.
  const alone = there === null ? rest : [];
  const facts = new Map<string, ImageFacts | null>(there ?? []);
  const single = await Promise.all(alone.map((reference) => inspectImage(client, reference)));
  alone.forEach((reference, index) => facts.set(reference, single[index] ?? null));
  const listed = missing.length === 0 ? null : await completeList(client);
  const doubtful = missing.filter((one) => listed !== null && (listed.movesTags || listed.names.has(one)));
  const again = await Promise.all(doubtful.map((reference) => inspectImage(client, reference)));
  doubtful.forEach((reference, index) => facts.set(reference, again[index] ?? null));
  return new Map(unique.map((reference) => [reference, facts.get(reference) ?? null]));
}

/**
 * Facts of all images; null if one does not exist. Then the references that docker calls missing are added to
 * `missing`.
 */
async function askForAll(
  client: DockerClient,
  references: readonly string[],
  missing: string[],
): Promise<Map<string, ImageFacts> | null> {
  try {
    const answer = await client.run(["image", "inspect", ...references], { timeoutMs: client.inspectMs });
    const inspected = JSON.parse(answer.stdout) as Inspected[];
    // The answers are in the order of the references.
    if (inspected.length !== references.length) return null;
    return new Map(inspected.map((one, index) => [references[index] ?? "", imageFacts(one)]));
  } catch (error) {
    if (!(error instanceof CommandError) || error.failure.notStarted || error.failure.cancelled) throw error;
    if (error.failure.timedOut) throw noAnswer(client, "image inspect", error);
    for (const line of error.failure.stderr.split("\n")) {
      const reference = NOT_THERE.exec(line.trim())?.[1];
      if (reference !== undefined) missing.push(reference);
    }
    return null;
  }
}

/** The engine's list of images, and whether a tag that it moves is away meanwhile. */
interface CompleteList {
  names: Set<string>;
  movesTags: boolean;
}

/** The engine's list of images. The engine must also give its identity, which proves that it answers. */
async function completeList(client: DockerClient): Promise<CompleteList> {
  const listing = listedNames(client);
  listing.catch(() => undefined);
  const identity = await engineIdentity(client);
  return { names: await listing, movesTags: isOfContainerd(identity) };
}

/** All references and IDs in the engine's complete list of images. */
async function listedNames(client: DockerClient): Promise<Set<string>> {
  const format = "{{.ID}}\t{{.Repository}}:{{.Tag}}\t{{.Repository}}@{{.Digest}}";
  try {
    const lines = await listImages(client, ["--all", "--no-trunc", "--digests", "--format", format]);
    return new Set(lines.flatMap((line) => line.split("\t")));
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new EngineUnreachableError(`Docker at ${client.where} did not list its images: ${error.message}`, {
      cause: error,
    });
  }
}
