import * as pulumi from "@pulumi/pulumi";
import { InputError, type InputFailure } from "../provider/inputs/failure";
import type * as promotionInputs from "../provider/promote/inputs/promotion-inputs";
import { releaseSettings } from "../provider/stage/inputs/release-settings";
import type * as stagingInputs from "../provider/stage/inputs/staging-inputs";
import { HOST_KEY_NEEDED } from "../provider/base/ssh/host-key";
import type { CheckConnection, StagedReleaseArgs, StagingCheckArgs } from "./staged-release-args";

/** The connection of `@pulumi/command`, if that is how the check gets to another host. */
export function connectionOf(ssh: StagingCheckArgs["ssh"]): CheckConnection | undefined {
  const isConnection = typeof ssh === "object" && !pulumi.Output.isInstance(ssh) && !(ssh instanceof Promise);
  return isConnection ? ssh : undefined;
}

function isLater(value: unknown): boolean {
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return true;
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(isLater);
}

const isHop = (value: unknown): value is { hostKey?: unknown } =>
  typeof value === "object" &&
  value !== null &&
  !pulumi.Output.isInstance(value) &&
  !(value instanceof Promise);

/** A hop without a host's key, whatever else of it is not known yet. */
function keyless(hop: { hostKey?: unknown }, property: string): InputFailure[] {
  const { hostKey } = hop;
  const isMissing = hostKey === undefined || hostKey === null;
  return isMissing ? [{ property: `${property}.hostKey`, reason: HOST_KEY_NEEDED }] : [];
}

/**
 * What is left to say of a connection's host keys once all of it is known.
 *
 * @throws {InputError} when one is missing, before anybody connects
 */
export function demandHostKeys(connection: { hostKey?: unknown; proxy?: unknown }): void {
  const { proxy } = connection;
  const failures = keyless(connection, "check.ssh");
  if (isHop(proxy)) failures.push(...keyless(proxy, "check.ssh.proxy"));
  if (failures.length > 0) throw new InputError(failures);
}

/** What this version can't do, and what does not go together. */
function unsupported({ check, image }: StagedReleaseArgs): InputFailure[] {
  const failures: InputFailure[] = [];
  // The container is on the engine's host, and `docker exec` gets there by itself.
  if (check.ssh !== undefined && check.inContainer !== undefined && check.inContainer !== false) {
    failures.push({
      property: "check.ssh",
      reason:
        "is for a check beside the container; one inside it (check.inContainer) gets there through image.host",
    });
  }
  const connection = connectionOf(check.ssh);
  if (connection !== undefined) {
    failures.push(...keyless(connection, "check.ssh"));
    if (isHop(connection.proxy)) failures.push(...keyless(connection.proxy, "check.ssh.proxy"));
  }
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
  const promotion = require("../provider/promote/inputs/promotion-inputs") as typeof promotionInputs;
  return promotion
    .checkPromotionInputs({ source: "staged", targets, enabled: false }, isLater)
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
  const { checkStagingInputs } = require("../provider/stage/inputs/staging-inputs") as typeof stagingInputs;
  const failures = [
    ...unsupported(args),
    ...checkStagingInputs(releaseSettings(args), isLater),
    ...wrongTargets(args.production.targets),
  ];
  if (failures.length > 0) throw new InputError(failures);
}
