import { isVerifiedImagesError } from "../errors/base";
import type { Engine } from "../engine/engine";
import { engineAt } from "../functions/effects";
import { DISABLED } from "../gate/clause";
import { PromotionRefusedError } from "../gate/errors";
import { examine } from "../gate/examine";
import { tagAll, untagOwn, type Previous } from "../gate/promote";
import { SourceMissingError, resolveSource } from "../gate/resolve-source";
import { REVISION_LABEL } from "../gate/verdict";
import type { InputFailure } from "../inputs/failure";
import { DEFAULT_TIMEOUTS, type Timeouts } from "../inputs/image-inputs";
import { checkPromotionInputs, normalisedTarget, type PromotionInputs } from "../inputs/promotion-inputs";
import { programPaths } from "./program-paths";
import { diffPromotion, liveWords, shortId, type PromotionFacts } from "./promotion-diff";
import { cancellation } from "./shutdown";
import { isUnknown } from "./unknowns";
import { voiceOf } from "./voice";

type Properties = Record<string, unknown>;

function engineFor(inputs: Properties): Engine {
  const timeouts = inputs.timeouts as Partial<Timeouts> | undefined;
  return engineAt(inputs.host as string | null, timeouts?.inspect ?? DEFAULT_TIMEOUTS.inspect);
}

function ownInputs(properties: Properties): PromotionInputs {
  const rest = { ...properties };
  for (const name of ["__provider", "resourceUrn", "live"]) delete rest[name];
  return rest as unknown as PromotionInputs;
}

async function factsOf(inputs: Properties, targets: readonly string[]): Promise<PromotionFacts> {
  const engine = engineFor(inputs);
  const found = await engine.inspect(targets);
  const ids = targets.map((target) => [target, found.get(target)?.id ?? null] as const);
  if (isUnknown(inputs.source)) return { sourceId: null, targets: Object.fromEntries(ids) };
  const sourceId = (await resolveSource(engine, String(inputs.source))).id;
  return { sourceId, targets: Object.fromEntries(ids) };
}

const targetsOf = (inputs: Properties): string[] =>
  Array.isArray(inputs.targets) ? inputs.targets.map((target) => normalisedTarget(String(target))) : [];

/** Judges in preview and update alike: the only thing that runs in the preview of a first promotion. */
async function check(
  _olds: Properties | undefined,
  news: Properties,
): Promise<{ inputs: Properties; failures: InputFailure[] }> {
  const inputs = programPaths(news, process.cwd());
  const own = ownInputs(inputs) as unknown as Properties;
  const failures = checkPromotionInputs(own, isUnknown);
  if (failures.length > 0) return { inputs: news, failures };
  const voice = voiceOf(news.resourceUrn);
  try {
    if (["host", "timeouts", "root", "enabled"].some((name) => isUnknown(inputs[name]))) {
      voice.say("info", "some inputs are not known yet: the verdict comes at the update");
    } else if (isUnknown(inputs.source) || isUnknown(inputs.expectedRevision)) {
      const what = isUnknown(inputs.source) ? "the source" : "the expected revision";
      await engineFor(inputs).identity();
      voice.say("info", `${what} is not known yet: the verdict comes at the update`);
    } else {
      const { judgement } = await examine(engineFor(inputs), ownInputs(inputs));
      for (const { property, ok, message } of judgement.clauses) {
        if (!ok) failures.push({ property, reason: `${message}; no tag was moved` });
      }
      if (judgement.verdict === DISABLED) {
        voice.say("warning", `${DISABLED}: the image is tagged whatever its revision (enabled is false)`);
      }
    }
    if (failures.length === 0 && !isUnknown(inputs.targets)) {
      inputs.live = liveWords(await factsOf(inputs, targetsOf(inputs)));
    }
  } catch (error) {
    if (!isVerifiedImagesError(error)) throw error;
    const property = error instanceof SourceMissingError ? "source" : "host";
    failures.push({ property, reason: `${error.message}; no tag was moved` });
  }
  await voice.flush();
  return { inputs: failures.length > 0 ? news : inputs, failures };
}

async function diff(_id: string, olds: Properties, news: Properties): Promise<{ changes: boolean }> {
  const voice = voiceOf(news.resourceUrn);
  const recorded = (olds.targets as string[] | undefined) ?? [];
  const { inputs, drift } = diffPromotion(olds, news, await factsOf(news, recorded));
  for (const words of drift) {
    voice.say("warning", `drift: ${words}; the next update judges again and tags anew`);
  }
  await voice.flush();
  return { changes: inputs.length > 0 || drift.length > 0 };
}

/** Judges by image ID, tags that ID, and reads every target back. */
async function promote(inputs: Properties, olds: Properties | null): Promise<Properties> {
  const voice = voiceOf(inputs.resourceUrn);
  const own = ownInputs(inputs);
  const engine = engineFor(inputs);
  cancellation();
  const resolved = await resolveSource(engine, own.source);
  const { image, judgement, verification } = await examine(engine, own, resolved.id);
  if (!judgement.ok) throw new PromotionRefusedError(own.source, judgement);
  const targets = targetsOf(inputs);
  const before = await tagAll(engine, image, targets);
  const earlier = (olds?.previous ?? {}) as Previous;
  const previous: Previous = {};
  for (const target of targets) {
    const id = before[target] ?? null;
    previous[target] = id === image.id ? (earlier[target] ?? null) : id;
  }
  const dropped = ((olds?.targets ?? []) as string[]).filter((target) => !targets.includes(target));
  if (dropped.length > 0) await untagOwn(engine, String(olds?.imageId), dropped);
  voice.say("info", `${targets.join(", ")} -> ${shortId(image.id)}: ${judgement.verdict}`);
  await voice.flush();
  const echo: Properties = { ...inputs };
  delete echo.live;
  return {
    ...echo,
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
  check,
  diff,
  read,
  create: async (inputs: Properties) => {
    const outs = await promote(inputs, null);
    return { id: (outs.targets as string[]).join(","), outs };
  },
  update: async (_id: string, olds: Properties, news: Properties) => ({ outs: await promote(news, olds) }),
  delete: remove,
};
