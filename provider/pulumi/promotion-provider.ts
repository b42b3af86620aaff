import { PromotionRefusedError } from "../gate/errors";
import { examine } from "../gate/examine";
import { tagAll, untagOwn, type Previous } from "../gate/promote";
import { resolveSource } from "../gate/resolve-source";
import { REVISION_LABEL } from "../gate/verdict";
import type { PromotionInputs } from "../inputs/promotion-inputs";
import { checkPromotion } from "./promotion-check";
import { diffPromotion, shortId } from "./promotion-diff";
import { factsOf, targetsOf } from "./promotion-facts";
import { echoed, engineFor, userInputs, type Properties } from "./properties";
import { same } from "./same";
import { cancellable } from "./shutdown";
import { voiceOf } from "./voice";
import { messageOf } from "../errors/message";

async function diff(
  _id: string,
  olds: Properties,
  news: Properties,
): Promise<{ changes: boolean; replaces: string[] }> {
  const voice = voiceOf(news.resourceUrn);
  const recorded = (olds.targets as string[] | undefined) ?? [];
  const { inputs, drift } = diffPromotion(olds, news, await factsOf(news, recorded));
  for (const words of drift) {
    voice.say("warning", `drift: ${words}; the next update judges again and tags anew`);
  }
  await voice.flush();
  // Never a replacement: it would tag first, and then take the very tags away that it has just set.
  return { changes: inputs.length > 0 || drift.length > 0, replaces: [] };
}

/** Whether the promotion on record was made on another engine; another name for the same one is none. */
async function isElsewhere(olds: Properties, news: Properties): Promise<boolean> {
  if (same(olds.host, news.host)) return false;
  const now = await engineFor(news).identity();
  const then = await engineFor(olds)
    .identity()
    .catch(() => null);
  return then?.id !== now.id;
}

/** Judges by image ID, tags that ID, and reads every target back. */
async function promote(inputs: Properties, olds: Properties | null): Promise<Properties> {
  const voice = voiceOf(inputs.resourceUrn);
  const own = userInputs(inputs) as unknown as PromotionInputs;
  const engine = engineFor(inputs);
  const resolved = await resolveSource(engine, own.source);
  const { image, judgement, verification } = await examine(engine, own, resolved.id);
  if (!judgement.ok) throw new PromotionRefusedError(own.source, judgement);
  const targets = targetsOf(inputs);
  // Asked before anything is tagged: what fails after that would leave tags that no state knows of.
  const moved = olds !== null && (await isElsewhere(olds, inputs));
  const before = await tagAll(engine, image, targets);
  const earlier = (moved ? {} : (olds?.previous ?? {})) as Previous;
  const previous: Previous = {};
  for (const target of targets) {
    const id = before[target] ?? null;
    previous[target] = id === image.id ? (earlier[target] ?? null) : id;
  }
  const old = (olds?.targets ?? []) as string[];
  const dropped = moved ? old : old.filter((target) => !targets.includes(target));
  if (dropped.length > 0) {
    // The new targets are in place: what is left of the old ones must not make that undone.
    await untagOwn(moved ? engineFor(olds) : engine, String(olds?.imageId), dropped).catch(
      (error: unknown) => {
        const detail = messageOf(error);
        voice.say("warning", `${dropped.join(", ")} could not be removed: ${detail}`);
      },
    );
  }
  voice.say("info", `${targets.join(", ")} -> ${shortId(image.id)}: ${judgement.verdict}`);
  await voice.flush();
  return {
    ...echoed(inputs),
    imageId: image.id,
    digest: null,
    revision: (image.labels[REVISION_LABEL] ?? "").trim() || null,
    verified: verification?.state ?? "unknown",
    targets,
    previous,
    promotedAt: new Date().toISOString(),
    verdict: judgement.verdict,
  };
}

/** Targets that no longer point where the promotion put them leave the state; gone altogether, so does it. */
async function read(id: string, props: Properties): Promise<{ id?: string; props?: Properties }> {
  const targets = (props.targets as string[] | undefined) ?? [];
  const found = await engineFor(props).inspect(targets);
  if (targets.length > 0 && targets.every((target) => (found.get(target) ?? null) === null)) return {};
  const still = targets.filter((target) => found.get(target)?.id === props.imageId);
  return { id, props: still.length === targets.length ? props : { ...props, targets: still } };
}

async function remove(_id: string, props: Properties): Promise<void> {
  const voice = voiceOf(props.resourceUrn);
  const targets = (props.targets as string[] | undefined) ?? [];
  const left = await untagOwn(engineFor(props), String(props.imageId), targets);
  if (left.length > 0) {
    voice.say("warning", `${left.join(", ")} was moved by someone else and stays as it is`);
  }
  await voice.flush();
}

/** The methods that the serialised shell calls. */
export const promotion = {
  check: checkPromotion,
  diff,
  read,
  create: async (inputs: Properties) => {
    const outs = await cancellable(() => promote(inputs, null));
    return { id: (outs.targets as string[]).join(","), outs };
  },
  update: async (_id: string, olds: Properties, news: Properties) => ({
    outs: await cancellable(() => promote(news, olds)),
  }),
  delete: remove,
};
