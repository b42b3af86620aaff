import * as pulumi from "@pulumi/pulumi";
import { InputError, type InputFailure } from "../provider/inputs/failure";
import type * as promotionInputs from "../provider/promote/inputs/promotion-inputs";
import { releaseSettings } from "../provider/stage/inputs/release-settings";
import type * as stagingInputs from "../provider/stage/inputs/staging-inputs";
import { HOST_KEY_NEEDED, HOST_KEY_RSA, RSA_HOST_KEY } from "../provider/base/ssh/host-key";
import type { CheckConnection, StagedReleaseArgs, StagingCheckArgs } from "./staged-release-args";

/** The connection of `@pulumi/command`, if the check uses one to get to another host. */
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

/** A failure if a hop has no host key, or one of RSA. Other parts of it may still be unknown. */
function keyless(hop: { hostKey?: unknown }, property: string): InputFailure[] {
  const { hostKey } = hop;
  const reasons = [
    ...(hostKey === undefined || hostKey === null ? [HOST_KEY_NEEDED] : []),
    ...(typeof hostKey === "string" && RSA_HOST_KEY.test(hostKey) ? [HOST_KEY_RSA] : []),
  ];
  return reasons.map((reason) => ({ property: `${property}.hostKey`, reason }));
}

/**
 * Checks a connection's host keys once all of it is known.
 *
 * @throws {InputError} when a key is missing or of RSA, before anything connects
 */
export function demandHostKeys(connection: { hostKey?: unknown; proxy?: unknown }): void {
  const { proxy } = connection;
  const failures = keyless(connection, "check.ssh");
  if (isHop(proxy)) failures.push(...keyless(proxy, "check.ssh.proxy"));
  if (failures.length > 0) throw new InputError(failures);
}

/** Arguments that do not go together, or that the release sets itself. */
function unsupported({ check, image }: StagedReleaseArgs): InputFailure[] {
  const failures: InputFailure[] = [];
  // `docker exec` reaches the container through the engine, so ssh is not needed.
  if (check.ssh !== undefined && check.inContainer !== undefined && check.inContainer !== false) {
    failures.push({
      property: "check.ssh",
      reason:
        "is for a check beside the container; a check inside it (check.inContainer) runs through image.host, so leave one of them out",
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
      reason: "is set by the release; to choose it, give the argument revision of the release",
    });
  }
  return failures;
}

/** What a promotion would refuse about the targets, found before anything is built. */
function wrongTargets(targets: unknown): InputFailure[] {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded only where a release is declared
  const promotion = require("../provider/promote/inputs/promotion-inputs") as typeof promotionInputs;
  return promotion
    .checkPromotionInputs({ source: "staged", targets, enabled: false }, isLater)
    .filter(({ property }) => property.startsWith("targets"))
    .map(({ property, reason }) => ({ property: `production.${property}`, reason }));
}

/**
 * Refuses everything that is wrong with the arguments and known already, before any resource is declared.
 *
 * @throws {InputError} naming all of it
 */
export function checkReleaseArgs(args: StagedReleaseArgs): void {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded only where a release is declared
  const { checkStagingInputs } = require("../provider/stage/inputs/staging-inputs") as typeof stagingInputs;
  const failures = [
    ...unsupported(args),
    ...checkStagingInputs(releaseSettings(args), isLater),
    ...wrongTargets(args.production.targets),
  ];
  const once = new Map(failures.map((failure) => [`${failure.property} ${failure.reason}`, failure]));
  if (failures.length > 0) throw new InputError([...once.values()]);
}
