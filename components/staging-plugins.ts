import type * as command from "@pulumi/command";
import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { neededPackage } from "./needed-package";

/* eslint-disable @typescript-eslint/no-require-imports -- loaded only where a release is declared */

/** `@pulumi/docker`, which makes the staging container. */
export function dockerPackage(): typeof docker {
  return neededPackage("StagedRelease", "@pulumi/docker", () => require("@pulumi/docker") as typeof docker);
}

/** `@pulumi/command`, which runs the staging check. */
export function commandPackage(): typeof command {
  return neededPackage(
    "StagedRelease",
    "@pulumi/command",
    () => require("@pulumi/command") as typeof command,
  );
}

/**
 * The engine at `host` for `@pulumi/docker`, always as an endpoint: it knows neither the context `default` nor contexts below
 * another DOCKER_CONFIG.
 *
 * @param inspectSeconds limit for docker's answer in seconds; default 30
 */
export function engineArgs(
  host: pulumi.Input<string>,
  inspectSeconds: pulumi.Input<number | undefined>,
): docker.ProviderArgs {
  const endpoint = pulumi
    .all([host, inspectSeconds])
    .apply(async ([text, seconds]) =>
      (await import("../provider/stage/address.js")).endpointOf(text, seconds),
    );
  return { host: endpoint };
}
