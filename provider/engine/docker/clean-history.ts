import { createHash } from "node:crypto";
import { pack } from "tar-stream";
import { text } from "node:stream/consumers";
import type { ImageFacts } from "../engine";
import { EngineUnreachableError } from "../errors";
import type { DockerClient } from "./client";
import { withoutTraces, type ImageConfiguration } from "./history";
import { inspectImage } from "./inspect";
import { savedConfiguration } from "./saved-configuration";
import { removeImage, tagImage } from "./tags";
import { throwawayReference } from "../leftovers";

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

/**
 * Takes the names of our own build arguments out of an image's history, so that the image is the one that
 * the recipe alone would have given. The layers stay; the configuration is loaded anew, and the tag moves to
 * the result.
 *
 * Every image has a name all the time, so that the next sweep finds what a crash leaves here.
 *
 * @returns the image to keep: the given one when it has no traces
 */
export async function cleanHistory(
  client: DockerClient,
  image: ImageFacts,
  tag: string,
  traces: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<ImageFacts> {
  const saved = JSON.parse(
    (await savedConfiguration(client, image.id, signal)).toString("utf8"),
  ) as ImageConfiguration;
  const clean = withoutTraces(saved, traces);
  if (clean === null) return image;
  const bytes = JSON.stringify(clean);
  const id = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  const [before, after] = [throwawayReference("before"), throwawayReference("after")];
  const archive = await configurationArchive(bytes, clean.rootfs.diff_ids.length, after);
  try {
    await tagImage(client, image.id, before);
    await client.run(["image", "load", "--quiet"], { input: archive, timeoutMs: client.inspectMs });
    if ((await inspectImage(client, id)) === null) {
      throw new EngineUnreachableError(`docker load did not load ${id}`);
    }
    await tagImage(client, id, tag);
  } finally {
    for (const name of [before, after]) await removeImage(client, name).catch(() => undefined);
  }
  const kept = await inspectImage(client, tag);
  if (kept === null) throw new EngineUnreachableError(`${tag} is not on the engine any more`);
  return kept;
}
