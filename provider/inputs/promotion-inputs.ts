import { z } from "zod";
import { parseReference } from "../reference/parse";
import { familiar } from "../reference/format";
import { isInRegistry } from "../reference/in-registry";
import { isVerifiedImagesError } from "../errors/base";
import { checkShapes } from "./check-shapes";
import type { InputFailure } from "./failure";
import type { Timeouts } from "./image-inputs";
import { expectedRevision, host, timeouts } from "./shapes";

/** What `PromotedImage` takes, once all values are known. */
export interface PromotionInputs {
  /** Image ID, reference or digest reference. */
  source: string;
  /** References to tag. */
  targets: string[];
  /** The validated git revision, full hex. */
  expectedRevision?: string;
  host?: string;
  engine?: "docker" | "apptainer";
  /** The artifact store, for `requireVerified`. */
  root?: string;
  /** Default: true when `root` is given. */
  requireVerified?: boolean;
  /** Default true; false is the kill switch of the provenance clause. */
  enabled?: boolean;
  timeouts?: Partial<Timeouts>;
}

const flag = z.boolean({ error: "expected true or false" });
const later = (what: string): string => `${what} is not supported yet; leave it out`;

function referenceProblem(text: string, target: boolean): string | null {
  try {
    const reference = parseReference(text);
    if (!target) return null;
    if (reference.kind !== "tag")
      return `${text} is no tag; a target is a reference such as web-app:production`;
    return isInRegistry(reference)
      ? `promotion into a registry (${text}) is not supported yet; name a local tag such as web-app:production`
      : null;
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
  commit: z.undefined({ error: later("commit") }),
  immutable: flag.refine((value) => !value, later("immutable")),
  overrideReason: z.undefined({ error: later("overrideReason") }),
};

const REQUIRED = {
  source: "is missing; name the image to promote by its ID or a reference",
  targets: "is missing; name at least one reference to tag, such as web-app:production",
};

/** A target as Docker prints it, the tag made explicit; text that is no reference is left as it is. Pure. */
export function normalisedTarget(target: string): string {
  try {
    return familiar(parseReference(target));
  } catch (error) {
    if (isVerifiedImagesError(error)) return target;
    throw error;
  }
}

/** Everything that is wrong with the inputs of a promotion, at once. Pure. */
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
  const failures = checkShapes(given, SHAPES, required, later);
  if (inputs.requireVerified === true && (inputs.root === undefined || inputs.root === null)) {
    failures.push({ property: "requireVerified", reason: "needs root, the artifact store to look in" });
  }
  return failures;
}
