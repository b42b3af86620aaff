import { createHash } from "node:crypto";
import { pack } from "tar-stream";
import { text } from "node:stream/consumers";
import { isVerifiedImagesError } from "../../base/errors/base";
import { CommandError } from "../../base/process/command-error";
import type { ImageFacts } from "../engine";
import { EngineUnreachableError } from "../errors";
import type { DockerClient } from "./client";
import { describedConfiguration, describedSame, historyKept } from "./described-configuration";
import { describeImage, imageHistory } from "./image-history";
import { withoutTraces, type ImageConfiguration } from "./history";
import { inspectImage } from "./inspect";
import { savedConfiguration } from "./saved-configuration";
import { removeImage, tagImage } from "./tags";
import { throwawayReference } from "../../base/process/leftovers";

/** An archive that consists of a configuration alone: the engine has all of its layers already. */
async function configurationArchive(bytes: string, layers: number, tag: string): Promise<string> {
  const name = `${createHash("sha256").update(bytes).digest("hex")}.json`;
  const manifest = [
    {
      Config: name,
      RepoTags: [tag],
      Layers: Array.from({ length: layers }, (_, index) => `${index}/layer.tar`),
    },
  ];
  const archive = pack();
  archive.entry({ name }, bytes);
  archive.entry({ name: "manifest.json" }, JSON.stringify(manifest));
  archive.finalize();
  return await text(archive);
}

/** An image in place of another one: its configuration, and a last look before the tag moves. */
interface Replacement {
  configuration: ImageConfiguration;
  /** false keeps the tag where it is. */
  accept: (id: string) => Promise<boolean>;
}

/** Loads a configuration and moves the tag to it; null when it was not accepted. */
async function replaceImage(
  client: DockerClient,
  image: ImageFacts,
  tag: string,
  { configuration, accept }: Replacement,
): Promise<ImageFacts | null> {
  const bytes = JSON.stringify(configuration);
  const id = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  const [before, after] = [throwawayReference("before"), throwawayReference("after")];
  const archive = await configurationArchive(bytes, configuration.rootfs.diff_ids.length, after);
  try {
    await tagImage(client, image.id, before);
    await client.run(["image", "load", "--quiet"], { input: archive, timeoutMs: client.inspectMs });
    if ((await inspectImage(client, id)) === null) {
      throw new EngineUnreachableError(`docker load did not load ${id}`);
    }
    if (!(await accept(id))) return null;
    await tagImage(client, id, tag);
  } finally {
    await Promise.all([before, after].map((name) => removeImage(client, name).catch(() => undefined)));
  }
  const kept = await inspectImage(client, tag);
  if (kept === null) throw new EngineUnreachableError(`${tag} is not on the engine any more`);
  return kept;
}

/**
 * The image without traces by what the engine says of it, in a fraction of a second; null where that is not enough,
 * or where the result differs in anything but its history.
 */
async function cleanByDescription(
  client: DockerClient,
  image: ImageFacts,
  tag: string,
  traces: Readonly<Record<string, string>>,
): Promise<ImageFacts | null> {
  try {
    const [described, history] = await Promise.all([
      describeImage(client, image.id),
      imageHistory(client, image.id),
    ]);
    const whole = describedConfiguration(described, history);
    if (whole === null) return null;
    const clean = withoutTraces(whole, traces);
    if (clean === null) return image;
    const accept = async (id: string): Promise<boolean> =>
      describedSame(described, await describeImage(client, id)) &&
      historyKept(clean, history, await imageHistory(client, id));
    return await replaceImage(client, image, tag, { configuration: clean, accept });
  } catch (error) {
    const cancelled = error instanceof CommandError && error.failure.cancelled;
    if (cancelled || !isVerifiedImagesError(error)) throw error;
    return null;
  }
}

/**
 * Takes the names of our own build arguments out of an image's history, so that the image is the one that
 * the recipe alone would have given. The layers stay; the configuration is loaded anew, and the tag moves to
 * the result.
 *
 * Every image has a name all the time, so that the next sweep finds what a crash leaves here.
 *
 * @param exact true: only the engine's own copy of the configuration will do, for it has more than the engine tells
 *   otherwise; it costs seconds, because the engine copies all layers first
 * @returns the image to keep: the given one when it has no traces
 */
export async function cleanHistory(
  client: DockerClient,
  image: ImageFacts,
  tag: string,
  traces: Readonly<Record<string, string>>,
  { exact = false, signal }: { exact?: boolean; signal?: AbortSignal } = {},
): Promise<ImageFacts> {
  const quick = exact ? null : await cleanByDescription(client, image, tag, traces);
  if (quick !== null) return quick;
  const saved = JSON.parse(
    (await savedConfiguration(client, image.id, signal)).toString("utf8"),
  ) as Partial<ImageConfiguration>;
  // Where an image ID is that of a manifest, no configuration has it (containerd image store).
  if (saved.rootfs === undefined) {
    throw new EngineUnreachableError(`docker save sent no configuration under the ID ${image.id}`);
  }
  const clean = withoutTraces(saved as ImageConfiguration, traces);
  if (clean === null) return image;
  const accept = (): Promise<boolean> => Promise.resolve(true);
  return (await replaceImage(client, image, tag, { configuration: clean, accept })) ?? image;
}
