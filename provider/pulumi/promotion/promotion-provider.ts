import { parseImageId } from "../../base/reference/digest";
import { isVerifiedImagesError } from "../../base/errors/base";
import { untagOwn } from "../../promote/gate/untag-own";
import { splitTargets } from "../../promote/gate/routes";
import { checkPromotion } from "./promotion-check";
import { diffPromotion } from "./promotion-diff";
import { adoptedIn, sayThatTheyStay, sayThatTheyWereThere } from "./tags-that-stay";
import { promote } from "./promote-image";
import { readPromotion, sourceGoneWords } from "./promotion-read";
import { imageWords } from "./promotion-words";
import { engineFor, type Properties } from "../host/properties";
import { AnotherEngineError, onRecordedEngine } from "./recorded-engine";
import { cancellable } from "../host/shutdown";
import { standingFacts, type Standing } from "./standing";
import { rowLog } from "../host/row-log";

async function diff(
  _id: string,
  olds: Properties,
  news: Properties,
): Promise<{ changes: boolean; replaces: string[] }> {
  const log = rowLog(news.resourceUrn);
  const recorded = (olds.targets as string[] | undefined) ?? [];
  const facts = await onRecordedEngine(news, recorded)
    .then(() => standingFacts(news, recorded))
    .catch((error: unknown): Standing => {
      if (!isVerifiedImagesError(error)) throw error;
      // In a preview the check has failed before; a refresh asks for the diff too, and can't tell is none.
      log.write("warning", `can't tell where ${recorded.join(", ")} is: ${error.message}`);
      return { sourceId: null, targets: {}, sourceGone: false };
    });
  const { inputs, drift } = diffPromotion(olds, news, facts);
  for (const words of drift) {
    log.write("warning", `drift: ${words}; the next update judges again and tags anew`);
  }
  const changes = inputs.length > 0 || drift.length > 0;
  const gone = sourceGoneWords(olds, facts);
  if (gone !== null) log.write("warning", changes ? gone : `${gone}: nothing to do`);
  const was = imageWords(String(olds.imageId), (olds.revision as string | null | undefined) ?? null);
  if (changes && typeof news.promotes === "string" && news.promotes !== was) {
    log.write("info", `promotes ${news.promotes} in place of ${was}`);
  }
  await log.flush();
  // Never a replacement: it would tag first, and then take the very tags away that it has just set.
  return { changes, replaces: [] };
}

async function remove(_id: string, props: Properties): Promise<void> {
  const log = rowLog(props.resourceUrn);
  const targets = (props.targets as string[] | undefined) ?? [];
  const { local, remote } = splitTargets(targets);
  sayThatTheyStay(log, remote);
  const adopted = adoptedIn(props).filter((target) => local.includes(target));
  sayThatTheyWereThere(log, adopted);
  const own = local.filter((target) => !adopted.includes(target));
  try {
    await onRecordedEngine(props, own);
    const left =
      own.length === 0 ? [] : await untagOwn(engineFor(props), parseImageId(String(props.imageId)), own);
    if (left.length > 0)
      log.write("warning", `${left.join(", ")} was moved by someone else and stays as it is`);
  } catch (error) {
    if (!(error instanceof AnotherEngineError)) throw error;
    log.write("warning", `no tag is taken away: ${error.message}`);
  }
  await log.flush();
}

/** The methods that the serialised shell calls. */
export const promotion = {
  check: checkPromotion,
  diff,
  read: readPromotion,
  create: async (inputs: Properties) => {
    const outs = await cancellable((signal) => promote(inputs, null, null, signal));
    return { id: (outs.targets as string[]).join(","), outs };
  },
  update: async (id: string, olds: Properties, news: Properties) => ({
    outs: await cancellable((signal) => promote(news, olds, id, signal)),
  }),
  delete: remove,
};
