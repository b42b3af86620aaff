import { z } from "zod";
import { routeProblem } from "../gate/routes";
import { parseReference } from "../../base/reference/parse";
import { parseTagReference } from "../../base/reference/explicit";
import { isVerifiedImagesError } from "../../base/errors/base";
import { checkShapes } from "../../inputs/check-shapes";
import type { InputFailure } from "../../inputs/failure";
import type { Timeouts } from "../../inputs/image-inputs";
import type { CommitInput } from "../gate/commit-clauses";
import { commit, expectedRevision, host, timeouts } from "../../inputs/shapes";

/** What `PromotedImage` takes, once all values are known. */
export interface PromotionInputs {
  /** The image to promote: an image ID, a reference, or a digest reference. Best is `image.imageId`. */
  source: string;
  /** References to tag: `web-app:production`, or in a registry with the registry's host. */
  targets: string[];
  /** The validated git revision, 40 or 64 hex digits. An empty one is a no. @defaultValue required, unless `enabled` is `false` */
  expectedRevision?: string;
  /** Where the engine is: `unix://`, `tcp://`, `ssh://user@host`, or the name of a Docker context. @defaultValue your current one */
  host?: string;
  /** The engine that has the image: `docker`. @defaultValue `docker` */
  engine?: "docker" | "apptainer";
  /** The artifact store. Receipts are written there, and the image has to be verified there. @defaultValue none */
  root?: string;
  /** Whether the store has to have the image as verified. @defaultValue `true` when `root` is given */
  requireVerified?: boolean;
  /** `true`: a target that stands for another image is not moved. @defaultValue `false` */
  immutable?: boolean;
  /** `false` is the kill switch: it tags whatever the revision is, and warns. @defaultValue `true` */
  enabled?: boolean;
  /** Limits in seconds: `inspect` for one question to the engine or a registry, `git` for one git command. @defaultValue `{git: 30, inspect: 30}` */
  timeouts?: Partial<Timeouts>;
  /** The work tree that has to have the revision: `{worktree, branch?, dirty?}`. @defaultValue none */
  commit?: CommitInput;
  /** Break-glass: why one promotion passes although clauses say no. @defaultValue none */
  overrideReason?: string;
}

const flag = z.boolean({ error: "expected true or false" });
const later = (what: string): string => `${what} is not supported yet; leave it out`;

function referenceProblem(text: string, target: boolean): string | null {
  try {
    const reference = parseReference(text);
    if (!target) return null;
    return reference.kind === "tag"
      ? null
      : `${text} is no tag; a target is a reference such as web-app:production`;
  } catch (error) {
    if (isVerifiedImagesError(error)) return error.message;
    throw error;
  }
}

const reference = (target: boolean): z.ZodType<string, string> =>
  z.string({ error: "expected an image reference" }).superRefine((text, context) => {
    const problem = referenceProblem(text, target);
    // As an object an issue ends nothing: the list's own check, for duplicates, runs all the same.
    if (problem !== null) context.addIssue({ code: "custom", message: problem, input: text });
  });

const SHAPES: Record<string, z.ZodType> = {
  source: z
    .string({ error: "expected an image ID or reference" })
    .refine((text) => !text.endsWith(".sif"), "promotion of a SIF file is not supported yet; name an image")
    .pipe(reference(false)),
  targets: z
    .array(reference(true), { error: "expected a list of references" })
    .min(1, "is empty; name at least one reference to tag, such as web-app:production")
    .superRefine((targets, context) => {
      const names = targets.map((target) => normalisedTarget(String(target)));
      const twice = names.find((name, index) => names.indexOf(name) !== index);
      if (twice !== undefined) context.addIssue(`names ${twice} twice`);
    }),
  expectedRevision,
  host,
  engine: z
    .enum(["docker", "apptainer"], { error: "unknown engine; expected docker" })
    .refine((value) => value !== "apptainer", later("engine apptainer")),
  root: z.string({ error: "expected the artifact store's directory" }).min(1, "is empty"),
  requireVerified: flag,
  enabled: flag,
  timeouts,
  commit,
  immutable: flag,
  overrideReason: z
    .string({ error: "expected a sentence that says why the gate is overridden" })
    .refine((text) => text.trim() !== "", "is empty; say why the gate is overridden, or leave it out"),
};

const REQUIRED = {
  source: "is missing; name the image to promote by its ID or a reference",
  targets: "is missing; name at least one reference to tag, such as web-app:production",
};

/** A target with its tag made explicit: as Docker prints it, or in a registry with its host; text that is no reference is left as it is. */
export function normalisedTarget(target: string): string {
  try {
    return parseTagReference(target);
  } catch (error) {
    if (isVerifiedImagesError(error)) return target;
    throw error;
  }
}

/** Whether a reason is given for which the gate may be overridden. */
function overrides(reason: unknown, later: (value: unknown) => boolean): boolean {
  return later(reason) || (typeof reason === "string" && reason.trim() !== "");
}

/** Everything that is wrong with the inputs of a promotion, at once. */
export function checkPromotionInputs(
  inputs: Readonly<Record<string, unknown>>,
  later: (value: unknown) => boolean,
): InputFailure[] {
  const enabled = inputs.enabled !== false;
  const required: Record<string, string> = { ...REQUIRED };
  if (enabled && !later(inputs.enabled)) {
    required.expectedRevision =
      "is missing; give the validated git revision (validatedRevision(worktree)), or switch the gate off with enabled: false";
  }
  const given = { ...inputs };
  // With the gate switched off the expectation does not matter, so an empty one is no mistake.
  if (!enabled) delete given.expectedRevision;
  if (overrides(inputs.overrideReason, later)) {
    // The gate itself says no to an empty or short expectation then, so that the reason can cover it.
    delete required.expectedRevision;
    if (typeof given.expectedRevision === "string") delete given.expectedRevision;
  }
  const failures = checkShapes(given, SHAPES, required, later);
  if (inputs.requireVerified === true && (inputs.root === undefined || inputs.root === null)) {
    failures.push({ property: "requireVerified", reason: "needs root, the artifact store to look in" });
  }
  const { source, targets } = inputs;
  if (
    failures.length === 0 &&
    typeof source === "string" &&
    Array.isArray(targets) &&
    !later([source, targets])
  ) {
    const problem = routeProblem(source, targets as string[]);
    if (problem !== null) failures.push({ property: "targets", reason: problem });
  }
  return failures;
}
