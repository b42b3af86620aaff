import { withoutUserinfo } from "../../engines/docker/endpoint";
import { isVerifiedImagesError } from "../../base/errors/base";
import { movedAway, type LiveStaging } from "../../stage/live";
import { engineFor, type Properties } from "../host/properties";
import { same } from "../host/same";
import { isUnknown } from "../host/unknowns";

/** The ID of the engine that inputs name; null: it does not answer. */
async function engineId(inputs: Properties): Promise<string | null> {
  try {
    return (await engineFor(inputs).identity()).id;
  } catch (error) {
    if (!isVerifiedImagesError(error)) throw error;
    return null;
  }
}

const whereOf = ({ host }: Properties): string =>
  typeof host === "string" ? withoutUserinfo(host) : "the engine without image.host";

/**
 * A sentence about what a release leaves behind when `image.host` becomes another engine. Null when the engine is the same
 * (also under another name), or when nothing is left there.
 *
 * @param live what the old engine has; null: it can't be asked
 */
export async function leftBehind(
  olds: Properties,
  news: Properties,
  live: LiveStaging | null,
): Promise<string | null> {
  if (isUnknown(news.host) || same(olds.host, news.host)) return null;
  const [old, fresh] = await Promise.all([engineId(olds), engineId(news)]);
  if (old !== null && old === fresh) return null;
  return movedAway({ name: String(olds.name), from: whereOf(olds), to: whereOf(news) }, live);
}
