import { resolve } from "node:path";
import { namesRegistry } from "../../provider/engines/registry/address";
import { isSifPath } from "../../provider/base/reference/sif-path";
import { InputError, type InputFailure } from "../../provider/inputs/failure";
import type { Timeouts } from "../../provider/inputs/timeouts";
import { checkPromotionInputs, planOf } from "../../provider/promote/inputs/promotion-inputs";
import type { PromotionInputs } from "../../provider/promote/inputs/promotion-inputs.generated";
import type { Service } from "../../provider/stage/restart-service";
import { askedCommit, askedStore, type AskedFlags } from "../asked";
import { composeFiles, type ComposeFlags } from "../flags/compose";
import { expectation, REVISION_VARIABLE } from "../gate-answer";
import { givenRoot } from "../store-root";
import type { World } from "../world";
import type { AskedPromotion } from "./promote";

/** The flags of `promote`, as commander reads them. */
export interface PromoteFlags extends AskedFlags, ComposeFlags {
  target?: string[];
  expectedRevision?: string;
  /** `--no-provenance` makes it false. */
  provenance: boolean;
  immutable?: boolean;
  overrideReason?: string;
  restart?: string;
  log?: string;
  host?: string;
  timeout?: Partial<Timeouts>;
}

/** Input of a promotion -> the flag that gives it. */
const FLAGS: Record<string, string> = {
  source: "<image>",
  targets: "--target",
  expectedRevision: "--expected-revision",
  host: "--host",
  root: "--root",
  requireVerified: "--require-verified",
  commit: "--worktree",
  overrideReason: "--override-reason",
  timeouts: "--timeout",
};

/** A failure with its flag's name in place of the input's. */
function atFlag({ property, reason }: InputFailure): InputFailure {
  const [first = ""] = property.split(".");
  return { property: FLAGS[first] ?? property, reason };
}

/** Flags that are missing or that do not go together. */
function wrongFlags(flags: PromoteFlags, inputs: PromotionInputs, expected: string | null): InputFailure[] {
  const failures: InputFailure[] = [];
  const add = (property: string, reason: string): void => void failures.push({ property, reason });
  if (flags.provenance && expected === null) {
    add(
      "--expected-revision",
      `is missing; give the validated git revision (else ${REVISION_VARIABLE}). --no-provenance tags without it`,
    );
  }
  if (!flags.provenance && expected !== null) {
    add(
      "--no-provenance",
      `is given together with an expected revision (or ${REVISION_VARIABLE}); choose one`,
    );
  }
  if (inputs.overrideReason !== undefined && inputs.root === undefined) {
    add("--override-reason", "needs --root: the receipts there remember which reasons are used up");
  }
  if (flags.restart !== undefined && inputs.targets.some((target) => namesRegistry(target))) {
    add(
      "--restart",
      "needs targets on the engine: a tag in a registry could not be put back if the service does not come up",
    );
  }
  if (flags.restart !== undefined && inputs.targets.some(isSifPath)) {
    add("--restart", "is for services of Docker compose, which run no SIF image; leave it out");
  }
  if (flags.restart !== undefined && inputs.targets.length > 1) {
    add("--restart", "needs exactly one target, the name that the service takes its image from");
  }
  return failures;
}

/** The service to restart; null: none is named. */
async function serviceOf(world: World, flags: PromoteFlags): Promise<Service | null> {
  if (flags.restart === undefined) return null;
  const [file = "", ...overrides] = await composeFiles(flags, world);
  const { composeProfile: profile = null, composeProject: project = null } = flags;
  return { source: { file, overrides, profile, project }, service: flags.restart, logFile: flags.log };
}

/**
 * The promotion that the flags ask for.
 *
 * @throws {InputError} naming everything that is wrong
 */
export async function askedPromotion(
  world: World,
  source: string,
  flags: PromoteFlags,
): Promise<AskedPromotion> {
  const expected = expectation(flags.expectedRevision, world.env);
  const commit = askedCommit(world, flags, expected);
  // As with PromotedImage: naming a store means that the image has to be verified.
  const hasStore = givenRoot(flags.root, world.env) !== undefined;
  const { root, requireVerified } = await askedStore(world, flags, hasStore);
  const inputs: PromotionInputs = {
    source,
    targets: flags.target ?? [],
    expectedRevision: expected ?? undefined,
    enabled: flags.provenance,
    root: root === undefined ? undefined : resolve(world.directory, root),
    requireVerified,
    immutable: flags.immutable,
    commit,
    overrideReason: flags.overrideReason,
    host: flags.host,
    timeouts: flags.timeout,
  };
  const failures = [
    ...wrongFlags(flags, inputs, expected),
    // A missing revision was reported above, so it is replaced here.
    ...checkPromotionInputs({ ...inputs, expectedRevision: expected ?? "0".repeat(40) }, () => false).map(
      atFlag,
    ),
  ];
  if (failures.length > 0) throw new InputError(failures);
  return { inputs: planOf({ ...inputs }), service: await serviceOf(world, flags) };
}
