import { z } from "zod";
import type { ImageId } from "../../base/reference/types";
import type { ImageFacts } from "../engine";
import { EngineUnreachableError } from "../errors";
import { askApi } from "./ask-api";
import type { DockerClient } from "./client";
import { imageFacts, inspected } from "./inspect";

const platform = z.looseObject({ os: z.string(), architecture: z.string() });
/** What an index has (Docker Engine API 1.48, ImageManifestSummary). `Available`: its content is on the engine. */
const listed = z.object({
  Manifests: z.array(
    z.object({
      Kind: z.string(),
      Available: z.boolean(),
      ImageData: z.object({ Platform: platform }).nullish(),
    }),
  ),
});

/**
 * The images of an index, one for each platform whose content is on the engine. `docker image inspect` shows that of one
 * platform only, and a tag stands for all of them. What is not an attestation counts as an image.
 *
 * @throws {EngineUnreachableError} when the engine does not tell; Docker before 28 does not
 */
export async function platformImages(client: DockerClient, imageId: ImageId): Promise<ImageFacts[]> {
  const what = `list of the platforms of ${imageId}, which is an index`;
  const unknown = (why: string): EngineUnreachableError =>
    new EngineUnreachableError(
      `Docker at ${client.where} gave no ${what} (${why}), so not all of it can be judged; promote an image of one ` +
        "platform, or promote it in a registry",
    );
  const answer = listed.safeParse(await askApi(client, `/images/${imageId}/json?manifests=1`, what));
  if (!answer.success) throw unknown("Docker 28 and newer tell it");
  const images = answer.data.Manifests.filter(({ Kind, Available }) => Available && Kind !== "attestation");
  const facts: ImageFacts[] = [];
  for (const { ImageData } of images) {
    if (!ImageData) throw unknown("a part of it is neither an image nor an attestation");
    const asked = encodeURIComponent(JSON.stringify(ImageData.Platform));
    const read = inspected.safeParse(await askApi(client, `/images/${imageId}/json?platform=${asked}`, what));
    if (!read.success) throw unknown("its answer can't be understood");
    facts.push(imageFacts(read.data));
  }
  return facts;
}
