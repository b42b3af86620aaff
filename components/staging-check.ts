import type * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { CHECK_PROGRAM, checkEnvironment, toldOf, type CheckRun } from "../provider/stage/check-run";
import { signedScript, WHOLE_READER } from "../provider/stage/remote-check";
import type { releaseSettings } from "../provider/stage/inputs/release-settings";
import { connectionOf, demandHostKeys } from "./release-settings";
import type { CheckConnection, StagingCheckArgs } from "./staged-release-args";
import { commandPackage } from "./staging-plugins";

/** A staging check. */
export interface CheckArgs {
  run: pulumi.Output<Omit<CheckRun, "ssh">>;
  ssh: StagingCheckArgs["ssh"];
  /** The release's name; with another name the check runs again. */
  release: pulumi.Output<string>;
}

/** The connection, as a secret as a whole. It is refused when a host key is missing. */
function guarded(connection: CheckConnection): pulumi.Output<command.types.input.remote.ConnectionArgs> {
  const complete = pulumi.output(connection).apply((known) => {
    demandHostKeys(known);
    return known;
  });
  return pulumi.secret(complete);
}

/**
 * The resource that runs the staging check. It does not fail when the check is red. It runs the check here, through the
 * user's ssh client, or over a connection of `@pulumi/command`.
 */
export function stagingCheck(
  name: string,
  { run, ssh, release }: CheckArgs,
  options: pulumi.CustomResourceOptions,
): { stdout: pulumi.Output<string> } {
  const { local, remote } = commandPackage();
  const triggers = [release];
  const silent = { ...options, additionalSecretOutputs: ["stdout", "stderr"] };
  // What an earlier check printed may be longer than a variable of the environment can be.
  const alone = { triggers, addPreviousOutputInEnv: false };
  const connection = connectionOf(ssh);
  if (connection !== undefined) {
    const script = run.apply((known) =>
      signedScript({
        command: known.command,
        told: toldOf(known),
        release: known.release,
        seconds: known.seconds,
      }),
    );
    const inputs = { connection: guarded(connection), create: WHOLE_READER, stdin: script, ...alone };
    return new remote.Command(name, inputs, silent);
  }
  const environment = pulumi
    .all([run, ssh as pulumi.Input<string> | undefined])
    .apply(([known, destination]) => checkEnvironment({ ...known, ssh: destination ?? null }));
  return new local.Command(
    name,
    { create: CHECK_PROGRAM, interpreter: ["node", "-e"], environment, ...alone },
    silent,
  );
}

/** A hash over the release's settings without paths, because an absolute path differs between machines. */
export function connectAnew(settings: ReturnType<typeof releaseSettings>): pulumi.Output<string> {
  return pulumi.output(settings).apply(async ({ compose, ...others }) => {
    const { settingsHash } = await import("../provider/stage/settings.js");
    const inCompose =
      compose === undefined ? undefined : { ...compose, file: undefined, worktree: undefined };
    return settingsHash({ ...others, compose: inCompose });
  });
}

/**
 * Connects once before each release that the program asks for, so that a connection of `@pulumi/command` that does not work
 * fails the update before staging is touched. If it failed in the check itself, no later step would put staging back. The
 * other ways to run a check report such a failure as red, so they need no trial. Drift and a changed compose file are
 * noticed by the slot, after this, and cause no trial.
 */
export function reachCheckHost(
  name: string,
  ssh: StagingCheckArgs["ssh"],
  triggers: pulumi.Output<string>[],
  options: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const connection = connectionOf(ssh);
  if (connection === undefined) return [];
  const { remote } = commandPackage();
  const inputs = { connection: guarded(connection), create: "true", triggers, addPreviousOutputInEnv: false };
  return [new remote.Command(name, inputs, options)];
}
