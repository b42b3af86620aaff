import * as pulumi from "@pulumi/pulumi";
import { InputError, type InputFailure } from "../provider/inputs/failure";
import type * as promotionInputs from "../provider/inputs/promotion-inputs";
import type * as stagingInputs from "../provider/inputs/staging-inputs";
import type { StagedReleaseArgs } from "./staged-release-args";

const HEALTH_PATH = "/";
const HEALTH_SECONDS = 60;
const CHECK_SECONDS = 600;

/** The arguments that concern the staging container and its check, with defaults. */
export function releaseSettings({ staging, check, production, image }: StagedReleaseArgs) {
  return {
    name: staging.name,
    port: staging.port,
    containerPort: staging.containerPort ?? staging.port,
    healthPath: staging.healthPath ?? HEALTH_PATH,
    healthTimeout: staging.healthTimeout ?? HEALTH_SECONDS,
    checkCommand: check.command,
    checkTimeout: check.timeout ?? CHECK_SECONDS,
    production: { name: production.name, port: production.port },
    host: image.host,
  };
}

function isLater(value: unknown): boolean {
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return true;
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(isLater);
}

/** What this version can't do yet. Pure. */
function unsupported({ staging, check, image }: StagedReleaseArgs): InputFailure[] {
  const failures: InputFailure[] = [];
  const later = (property: string, what: string): void =>
    void failures.push({ property, reason: `${what} is not supported yet; leave it out` });
  if (staging.compose !== undefined) later("staging.compose", "a compose profile");
  if (check.ssh !== undefined) later("check.ssh", "a check over ssh");
  if ("revision" in image) {
    failures.push({
      property: "image.revision",
      reason: "is set by the release; give revision instead, if you must",
    });
  }
  return failures;
}

/** What a promotion would refuse of the targets, before anything is built for them. */
function wrongTargets(targets: unknown): InputFailure[] {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded only where a release is declared
  const { checkPromotionInputs } = require("../provider/inputs/promotion-inputs") as typeof promotionInputs;
  return checkPromotionInputs({ source: "staged", targets, enabled: false }, isLater)
    .filter(({ property }) => property.startsWith("targets"))
    .map(({ property, reason }) => ({ property: `production.${property}`, reason }));
}

/**
 * Refuses what is wrong as far as it is known already, all of it at once, before a resource is declared.
 *
 * @throws {InputError}
 */
export function checkReleaseArgs(args: StagedReleaseArgs): void {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded only where a release is declared
  const { checkStagingInputs } = require("../provider/inputs/staging-inputs") as typeof stagingInputs;
  const failures = [
    ...unsupported(args),
    ...checkStagingInputs(releaseSettings(args), isLater),
    ...wrongTargets(args.production.targets),
  ];
  if (failures.length > 0) throw new InputError(failures);
}
