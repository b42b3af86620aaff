import { isVerifiedImagesError } from "../../base/errors/base";
import { shortDigest } from "../../base/reference/digest";
import { warningText, type Warning } from "../../base/words/warning";
import { askedOnce } from "../../promote/gate/asked-once";
import { untagOwn } from "../../promote/apply/places";
import { removeOwn } from "../../promote/apply/sif-place";
import { splitTargets } from "../../promote/gate/routes";
import { readPromotion } from "../../promote/inputs/promotion-inputs";
import { userInputs, type Properties } from "../host/properties";
import { ignoredIn } from "../host/ignored";
import { logDrift } from "../host/log-drift";
import { rowLog } from "../host/row-log";
import { cancellable } from "../host/shutdown";
import { isUnknown } from "../host/unknowns";
import { checkPromotion } from "./check";
import { changedInputs, driftOf, isIgnored, replacedWords, stillInPlace } from "./decide";
import { demandEngine, isElsewhere, placesFor, placesOf, standingNow, type Standing } from "./observe";
import { promote } from "./promote";
import { readRecorded, readState, type PromotionState } from "./state";
import { logKeptTags, ownTargets } from "./take-away";
import { doubtText, movedMeanwhile } from "./words";

/** About a source that does not exist any more; null: it exists, or that is not known. */
function sourceGone(state: PromotionState, standing: Standing): Warning | null {
  if (!standing.sourceGone) return null;
  const still = stillInPlace(state, standing);
  const id = shortDigest(state.imageId);
  const where = still.length === 0 ? "no target names it" : `${still.join(", ")} still names it`;
  return {
    what: `source gone: ${state.source} is no longer there`,
    why: `The image ${id} was promoted from it, and ${where}.`,
    todo:
      still.length === state.targets.length
        ? "There is nothing to do until you want to promote another image: then name it as `source`."
        : splitTargets(state.targets).files.length > 0
          ? "Build the image again, or name another one as `source`."
          : `Tag the image again (docker tag ${id} ${state.source}), or name another one as \`source\`.`,
  };
}

async function diff(
  _id: string,
  olds: Properties,
  news: Properties,
): Promise<{ changes: boolean; replaces: string[] }> {
  const state = readState(olds);
  const checked = readRecorded(news);
  const { known } = readPromotion(userInputs(news), isUnknown).asked;
  const places = askedOnce(placesFor(known));
  const log = rowLog(news.resourceUrn);
  const standing = await demandEngine(places, checked, state.targets)
    .then(() => standingNow(places, known, state.targets))
    .catch((error: unknown): Standing => {
      if (!isVerifiedImagesError(error)) throw error;
      // In a preview the check has already failed. A refresh asks for the diff too, and there this is a warning.
      log.write("warning", doubtText(state.targets, error.message, "Nothing is changed."));
      return { source: null, sourceGone: false, targets: {} };
    });
  const inputs = changedInputs(state, news);
  const drift = driftOf(state, standing, known.source ?? "", inputs);
  const ignored = ignoredIn(news);
  const changes = inputs.length > 0 || drift.some((one) => !isIgnored(one, ignored));

  for (const one of drift) logDrift(log, one, isIgnored(one, ignored));
  const gone = sourceGone(state, standing);
  if (gone !== null) log.write("warning", warningText(gone));
  const replaced = typeof news.promotes === "string" ? replacedWords(state, checked, news.promotes) : null;
  if (changes && replaced !== null) log.write("info", replaced);
  await log.flush();
  // Never replace: Pulumi would create the new promotion first, and deleting the old one would remove its tags.
  return { changes, replaces: [] };
}

/**
 * Refresh: a target that no longer points where the promotion put it leaves the state. If every target is gone, the
 * promotion leaves the state. If that can't be read, the state stays as it is, with a warning.
 */
async function read(id: string, props: Properties): Promise<{ id?: string; props?: Properties }> {
  const state = readState(props);
  const { targets, source } = state;
  const places = askedOnce(placesOf(state));
  const log = rowLog(props.resourceUrn);
  let standing: Standing;
  try {
    await demandEngine(places, state, targets);
    standing = await standingNow(places, { source: source ?? undefined, targets, root: state.root }, targets);
  } catch (error) {
    if (!isVerifiedImagesError(error)) throw error;
    log.write("warning", doubtText(targets, error.message, "The state stays as it is."));
    await log.flush();
    return { id, props };
  }
  const gone = sourceGone(state, standing);
  const drift = driftOf(state, standing, source ?? "");
  for (const one of gone === null ? drift : [...drift, gone]) logDrift(log, one);
  await log.flush();
  const isGone = targets.length > 0 && targets.every((target) => standing.targets[target] === null);
  // The state also remembers used-up reasons. Without it a reason could be used again.
  if (isGone && state.spentReasons.length === 0) return {};
  const still = stillInPlace(state, standing);
  return { id, props: still.length === targets.length ? props : { ...props, targets: still } };
}

async function remove(_id: string, props: Properties): Promise<void> {
  const state = readState(props);
  const { local, remote, files } = splitTargets(state.targets);
  const theirs = [...local, ...files].filter((target) => state.adopted.includes(target));
  const own = [...local, ...files].filter((target) => !theirs.includes(target));
  const log = rowLog(props.resourceUrn);
  logKeptTags(log, remote, theirs);
  const places = placesOf(state);
  try {
    const removable = await ownTargets(state, own, log);
    await demandEngine(places, state, removable);
    const tags = splitTargets(removable).local;
    const left = [
      ...(tags.length === 0 ? [] : await untagOwn(places.engine, state.imageId, tags)),
      ...(await removeOwn(state.imageId, splitTargets(removable).files)),
    ];
    if (left.length > 0) log.write("warning", warningText(movedMeanwhile(left)));
  } catch (error) {
    if (!isElsewhere(error)) throw error;
    log.write("warning", `no tag is taken away: ${error.message}`);
  }
  await log.flush();
}

/** The methods that the provider stub calls. */
export const promotion = {
  check: checkPromotion,
  diff,
  read,
  create: (inputs: Properties) => cancellable((signal) => promote(inputs, null, null, signal)),
  update: async (id: string, olds: Properties, news: Properties) => {
    const { outs } = await cancellable((signal) => promote(news, olds, id, signal));
    return { outs };
  },
  delete: remove,
};
