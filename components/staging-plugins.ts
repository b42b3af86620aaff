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

/** The engine at `host` for `@pulumi/docker`: an endpoint, or a Docker context. */
export function engineArgs(host: pulumi.Input<string>): docker.ProviderArgs {
  const known = pulumi.output(host);
  const only = (endpoint: boolean): pulumi.Output<string> =>
    // An Output of undefined counts as an argument that was left out.
    known.apply((text) => (text.includes("://") === endpoint ? text : undefined)) as pulumi.Output<string>;
  return { host: only(true), context: only(false) };
}
