import { z } from "zod";
import { routeProblem } from "../gate/routes";
import { parseReference } from "../../base/reference/parse";
import { isPath, isSifPath } from "../../base/reference/sif-path";
import { parseTarget } from "../../base/reference/target";
import { isVerifiedImagesError } from "../../base/errors/base";
import { checkShapes } from "../../inputs/check-shapes";
import { InputError, inputOf, type InputFailure } from "../../inputs/failure";
import { commit, expectedRevision, host, timeouts } from "../../inputs/shapes";
import { sifProblems } from "./sif-problems";

const flag = z.boolean({ error: "expected true or false" });

function referenceProblem(text: string, target: boolean): string | null {
  if (target ? isSifPath(text) : isPath(text)) return null;
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
  z
    .string({ error: target ? "expected an image reference" : "expected an image ID or reference" })
    .superRefine((text, context) => {
      const problem = referenceProblem(text, target);
      // As an object an issue ends nothing: the list's own check, for duplicates, runs all the same.
      if (problem !== null) context.addIssue({ code: "custom", message: problem, input: text });
    });

/** What `PromotedImage` takes, one schema a property; the types are made from it. */
const schema = z.object({
  /** The image to promote: an image ID, a reference, a digest reference, or the path of a SIF image. Best is `image.imageId`. */
  source: reference(false),
  /** References to tag: `web-app:production`, or in a registry with the registry's host. For a SIF image: paths that end with `.sif`. */
  targets: z
    .array(reference(true), { error: "expected a list of references" })
    .min(1, "is empty; name at least one reference to tag, such as web-app:production")
    .superRefine((targets, context) => {
      const names = targets.map((target) => normalisedTarget(String(target)));
      const twice = names.find((name, index) => names.indexOf(name) !== index);
      if (twice !== undefined) context.addIssue(`names ${twice} twice`);
    })
    .transform((targets) => targets.map(parseTarget)),
  /** The validated git revision, 40 or 64 hex digits. An empty one is a no. @defaultValue required, unless `enabled` is `false` */
  // As text, whatever it is: the gate itself has to say that it is no revision.
  expectedRevision: z.string().optional(),
  /** Where the engine is: `unix://`, `tcp://`, `ssh://user@host`, or the name of a Docker context. @defaultValue your current one */
  host: host.optional(),
  /** The engine that made the image: `docker`, or `apptainer` for a SIF image. @defaultValue `apptainer` when `source` or `targets` are paths that end with `.sif`, else `docker` */
  engine: z
    .enum(["docker", "apptainer"], { error: "unknown engine; expected docker or apptainer" })
    .optional(),
  /** The artifact store. Receipts are written there, and the image has to be verified there. @defaultValue none */
  root: z.string({ error: "expected the artifact store's directory" }).min(1, "is empty").optional(),
  /** Whether the store has to have the image as verified. @defaultValue `true` when `root` is given */
  requireVerified: flag.optional(),
  /** `true`: a target that stands for another image is not moved. @defaultValue `false` */
  immutable: flag.optional(),
  /** `false` is the kill switch: it tags whatever the revision is, and warns. @defaultValue `true` */
  enabled: flag.optional(),
  /** Limits in seconds: `inspect` for one question to the engine or a registry, `git` for one git command. @defaultValue `{git: 30, inspect: 30}` */
  timeouts: timeouts.optional(),
  /** The work tree that has to have the revision: `{worktree, branch?, dirty?}`. @defaultValue none */
  commit: commit.optional(),
  /** Break-glass: why one promotion passes although clauses say no. @defaultValue none */
  overrideReason: z
    .string({ error: "expected a sentence that says why the gate is overridden" })
    .refine((text) => text.trim() !== "", "is empty; say why the gate is overridden, or leave it out")
    .optional(),
});

/** What `PromotedImage` takes, once all values are known. */
export type GivenPromotionInputs = z.input<typeof schema>;

/** The same once it is read. */
export type PromotionPlan = z.output<typeof schema>;

/** What is asked for, as far as it is known. */
export interface Asked {
  known: Partial<PromotionPlan>;
  /** Inputs that are known at the update only. */
  unknown: ReadonlySet<string>;
}

const SHAPES = { ...schema.shape, expectedRevision };

const REQUIRED = {
  source: "is missing; name the image to promote by its ID or a reference",
  targets: "is missing; name at least one reference to tag, such as web-app:production",
};

/** A target with its tag made explicit: as Docker prints it, or in a registry with its host; or a path. Text that is neither is left as it is. */
export function normalisedTarget(target: string): string {
  try {
    return parseTarget(target);
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
  return readPromotion(inputs, later).failures;
}

/**
 * Reads what a program asks for: each input that is all right and known, or everything that is wrong, at once.
 *
 * @param later tells values that are not known yet
 */
export function readPromotion(
  inputs: Readonly<Record<string, unknown>>,
  later: (value: unknown) => boolean,
): { asked: Asked; failures: InputFailure[] } {
  const given = Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== null));
  const names = Object.keys(schema.shape);
  const unknown = new Set(names.filter((name) => later(given[name])));
  const checked = { ...given };
  const required: Record<string, string> = { ...REQUIRED };
  const enabled = given.enabled !== false;
  if (enabled && !unknown.has("enabled")) {
    required.expectedRevision =
      "is missing; give the validated git revision (validatedRevision(worktree)), or switch the gate off with enabled: false";
  }
  // With the gate switched off the expectation does not matter, so an empty one is no mistake.
  if (!enabled) delete checked.expectedRevision;
  if (overrides(given.overrideReason, later)) {
    // The gate itself says no to an empty or short expectation then, so that the reason can cover it.
    delete required.expectedRevision;
    if (typeof checked.expectedRevision === "string") delete checked.expectedRevision;
  }
  const failures = checkShapes(checked, SHAPES, required, later);
  if (given.requireVerified === true && given.root === undefined) {
    failures.push({ property: "requireVerified", reason: "needs root, the artifact store to look in" });
  }
  const wrong = new Set(failures.map(inputOf));
  const right = names.filter((name) => !unknown.has(name) && (!wrong.has(name) || name === EXPECTATION));
  const known = schema.partial().parse(Object.fromEntries(right.map((name) => [name, readAs(name, given)])));
  const { source, targets } = known;
  if (failures.length === 0) failures.push(...sifProblems(known, unknown));
  if (failures.length === 0 && source !== undefined && targets !== undefined) {
    const problem = routeProblem(source, targets);
    if (problem !== null) failures.push({ property: "targets", reason: problem });
  }
  return { asked: { known, unknown }, failures };
}

/** The one input that an image can be judged without: then the gate says no, and all else that it has to say. */
export const EXPECTATION = "expectedRevision";

/** A value as it is parsed; an expectation that is no text at all is none. */
const readAs = (name: string, given: Readonly<Record<string, unknown>>): unknown =>
  name === EXPECTATION && typeof given[name] !== "string" ? undefined : given[name];

/**
 * What an update is about. An expectation that is no good is the gate's to refuse.
 *
 * @throws {InputError} when anything else is wrong, or not known
 */
export function planOf(inputs: Readonly<Record<string, unknown>>): PromotionPlan {
  const { asked, failures } = readPromotion(inputs, () => false);
  const wrong = failures.filter((failure) => inputOf(failure) !== EXPECTATION);
  if (wrong.length > 0) throw new InputError(wrong);
  const { source, targets } = asked.known;
  if (source === undefined || targets === undefined) throw new Error("inputs that were read lack a source");
  return { ...asked.known, source, targets };
}
