import { isAbsolute, join } from "node:path";
import { VerifiedImagesError } from "../../base/errors/base";
import { canonical } from "../../base/reference/format";
import { parseReference } from "../../base/reference/parse";
import { parseImageId } from "../../base/reference/digest";
import type { BuildPlan } from "../../inputs/image-inputs";
import { baseKind } from "../../recipe/definition/agents";
import type { DefinitionStage, ParsedDefinition } from "../../recipe/definition/types";
import type { BuildRecord } from "../../store/record";
import { hashOfFile } from "../../store/verification";
import type { SifEffects } from "./effects";

/** What one stage is built on, and what holds it still. */
export type SifBase = BuildRecord["bases"][number] & {
  /** The stage's index. */
  stage: number;
};

/** What a definition is built on is not there, or has changed. */
export class SifBaseError extends VerifiedImagesError {
  constructor(message: string) {
    super("base-image", message);
  }
}

/**
 * Resolves what the stages are built on: files to their hashes, images of registries to their digests. What nothing can
 * hold still is left out; it is listed as unpinned.
 *
 * @throws {SifBaseError} naming what is not there
 */
export async function sifBases(
  effects: SifEffects,
  plan: BuildPlan,
  parsed: ParsedDefinition,
): Promise<SifBase[]> {
  const found: SifBase[] = [];
  for (const stage of parsed.stages) {
    const from = stage.header.get("from")?.value ?? "";
    const kind = baseKind(stage.agent);
    if (kind === "file") found.push(await fileBase(plan, stage, from));
    if (kind === "registry") found.push(await registryBase(effects, stage, from));
  }
  return found;
}

async function fileBase({ context }: BuildPlan, stage: DefinitionStage, from: string): Promise<SifBase> {
  // A docker-archive can name one of its images: `file:name:tag`.
  const [path = from] = stage.agent.endsWith("-archive") ? from.split(":") : [from];
  const file = isAbsolute(path) ? path : join(context, path);
  const hash = await hashOfFile(file).catch(() => null);
  if (hash === null) {
    throw new SifBaseError(
      `there is no file ${file}, on which ${stage.agent} builds (line ${stage.header.get("from")?.line ?? 1}); relative paths are relative to the context`,
    );
  }
  return { stage: stage.index, reference: from, digest: hash, imageId: parseImageId(hash), pinned: from };
}

async function registryBase(
  { registry }: SifEffects,
  stage: DefinitionStage,
  from: string,
): Promise<SifBase> {
  const bare = from.replace(/^\/\//, "");
  const prefix = [stage.header.get("registry")?.value, stage.header.get("namespace")?.value].filter(Boolean);
  const reference = [...prefix, bare].join("/");
  const digest =
    /@(sha256:[0-9a-f]{64})$/.exec(reference)?.[1] ??
    (await registry.digestOf(canonical(parseReference(reference))));
  if (digest === null) throw new SifBaseError(`the registry has no image ${reference}; check its name`);
  const name = bare.replace(/@sha256:[0-9a-f]{64}$/, "");
  const untagged = name.replace(/:[\w][\w.-]*$/, "");
  return {
    ...{ stage: stage.index, reference: from, digest, imageId: parseImageId(digest) },
    pinned: `${from.startsWith("//") ? "//" : ""}${untagged}@${digest}`,
  };
}
