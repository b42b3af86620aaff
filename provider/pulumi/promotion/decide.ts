import { shortDigest } from "../../base/reference/digest";
import { isSifPath } from "../../base/reference/sif-path";
import type { Digest, ImageId, RegistryDigest } from "../../base/reference/types";
import type { Warning } from "../../base/words/warning";
import type { Previous } from "../../promote/apply/point-all";
import { normalisedTarget } from "../../promote/inputs/promotion-inputs";
import { ignoredIn } from "../host/ignored";
import { same } from "../host/same";
import type { Standing } from "./observe";
import { promotedAt, type PromotionState, type Recorded } from "./state";
import { imageWords, targetNoun } from "./words";

/** The image of a promotion. */
interface Promoted {
  imageId: ImageId;
  /** Its digest in registries; null: no registry is involved. */
  digest: RegistryDigest | null;
}

const COMPARED = [
  ...["source", "expectedRevision", "host", "engine", "root", "requireVerified", "enabled"],
  ...["commit", "overrideReason", "spentReasons", "immutable"],
];
const STORE = ["root", "requireVerified"];

type Loose = Readonly<Record<string, unknown>>;

/** Whether the only change to the store is that receipts are written from now on. The judgement is as before then. */
function isReceiptsOnly(state: Loose, inputs: Loose): boolean {
  const before = same(state.root, null) && same(state.requireVerified, null);
  return before && !same(inputs.root, null) && inputs.requireVerified === false;
}

/** Whether an ID or digest is that of the promoted image. */
export function isPromoted({ imageId, digest }: Promoted, id: Digest | null): boolean {
  return id !== null && (id === imageId || id === digest);
}

/**
 * A sentence on which image replaces which; null: it is the same image.
 *
 * @param promotes the next image in words
 */
export function replacedWords(
  state: PromotionState,
  next: Pick<Recorded, "promotesId"> | null,
  promotes: string,
): string | null {
  const id = next?.promotesId ?? null;
  if (isPromoted(state, id)) return null;
  const was = imageWords(state.imageId, state.revision);
  // Two images can look the same in words. Then their full IDs are shown.
  const [to, from] = id !== null && promotes === was ? [id, state.imageId] : [promotes, was];
  return `promotes ${to} in place of ${from}`;
}

/** Names of the inputs that differ from those of the recorded promotion. */
export function changedInputs(state: PromotionState, inputs: Loose): string[] {
  const known: Loose = {
    ...state,
    spentReasons: state.spentReasons.length === 0 ? null : state.spentReasons,
  };
  const about = isReceiptsOnly(known, inputs) ? COMPARED.filter((name) => !STORE.includes(name)) : COMPARED;
  const changed = about.filter((name) => !same(known[name], inputs[name]));
  const wanted = Array.isArray(inputs.targets)
    ? inputs.targets.map((target) => normalisedTarget(String(target)))
    : [];
  const isSame = same(wanted.toSorted(), state.targets.toSorted());
  // With `ignoreChanges` they are the earlier ones. Then only a refresh can have taken some out of the state.
  return isSame || ignoredIn(inputs).includes("targets") ? changed : [...changed, "targets"];
}

const PUT_BACK = "Run `pulumi up`: it judges the image again, and tags it anew.";

const PUT_FILE_BACK = "Run `pulumi up`: it judges the image again, and puts it there anew.";

/** What has become of a target since it was promoted to, and what to do. */
function targetDrift(target: string, at: Digest | null, promoted: Digest): Pick<Warning, "what" | "todo"> {
  const gone = `${targetNoun(target)} gone: ${target} is no longer there`;
  if (isSifPath(target)) {
    const is = at === null ? gone : `file changed: ${target} is ${shortDigest(at)}`;
    return { what: `${is}, but ${shortDigest(promoted)} was promoted to it`, todo: PUT_FILE_BACK };
  }
  const is = at === null ? gone : `tag moved: ${target} points to ${shortDigest(at)}`;
  return { what: `${is}, but the promotion put it on ${shortDigest(promoted)}`, todo: PUT_BACK };
}

/** A drift, and the input because of which it is one. */
export interface PromotionDrift extends Warning {
  about: "source" | "targets";
}

/** Whether the user ignores a drift: by the input that it is about, or by all that is read live. */
export const isIgnored = ({ about }: Pick<PromotionDrift, "about">, ignored: readonly string[]): boolean =>
  ignored.includes("live") || ignored.includes(about);

/**
 * What has moved since a promotion.
 *
 * @param changed inputs that the user has changed
 */
export function driftOf(
  state: PromotionState,
  standing: Standing,
  source: string,
  changed: readonly string[] = [],
): PromotionDrift[] {
  const drift: PromotionDrift[] = [];
  for (const target of state.targets) {
    const at = standing.targets[target];
    const promoted = promotedAt(state, target);
    if (at === undefined || at === promoted) continue;
    drift.push({ about: "targets", why: null, ...targetDrift(target, at, promoted) });
  }
  const now = standing.source;
  if (now !== null && !isPromoted(state, now.id) && !changed.includes("source")) {
    const promoted = now.fromRegistry ? (state.digest ?? state.imageId) : state.imageId;
    const [is, was] =
      now.revision === undefined
        ? [shortDigest(now.id), shortDigest(promoted)]
        : [imageWords(now.id, now.revision), imageWords(promoted, state.revision)];
    drift.push({
      about: "source",
      what: `source moved: ${source} is ${is} now; ${was} was promoted`,
      why: null,
      todo: "Run `pulumi up`: it judges what the source is now, and promotes that.",
    });
  }
  return drift;
}

/** The targets that still point at the promoted image. */
export function stillInPlace(state: PromotionState, { targets }: Pick<Standing, "targets">): string[] {
  return state.targets.filter((target) => targets[target] === promotedAt(state, target));
}

/**
 * What each target pointed at before it pointed at this image. If it pointed at this image already, for example because an
 * earlier update was killed afterwards, the answer comes from the state.
 *
 * @param now what each target pointed at just before this update moved it
 * @param olds the recorded promotion on this engine; null: there is none
 */
export function previousOf(
  targets: readonly string[],
  now: Previous,
  promoted: Promoted,
  olds: Pick<PromotionState, "imageId" | "digest" | "targets" | "previous"> | null,
): Previous {
  const before = (target: string): Digest | null => {
    const at = now[target] ?? null;
    if (at === null || at !== promotedAt(promoted, target) || olds === null) {
      return at === promotedAt(promoted, target) ? null : at;
    }
    const isAnother = olds.imageId !== promoted.imageId && olds.targets.some((one) => one === target);
    return isAnother ? promotedAt(olds, target) : (olds.previous[target] ?? null);
  };
  return Object.fromEntries(targets.map((target) => [target, before(target)]));
}

/**
 * The targets that somebody else has set: they pointed at the image already, and no promotion of this resource has set them
 * before. They are not removed on destroy.
 *
 * @param before what each target pointed at just before this update
 * @param olds the recorded promotion on this engine; null: there is none
 */
export function adoptedAfter(
  targets: readonly string[],
  before: Previous,
  promoted: Promoted,
  olds: Pick<PromotionState, "targets" | "adopted"> | null,
): string[] {
  const own = (olds?.targets ?? []).filter((target) => olds?.adopted.includes(target) !== true);
  return targets.filter(
    (target) => before[target] === promotedAt(promoted, target) && !own.some((one) => one === target),
  );
}
