import { Option, type Command } from "commander";
import type { SecretSource, Timeouts, VerifyMode } from "../../provider/inputs/timeouts";
import { hostOption, jsonOption, rootOption, type CommonFlags } from "./common";
import { builds, limit } from "./numbers";
import { pair } from "./pairs";
import { secret } from "./secrets";

/** The flags of `build`, as commander reads them. */
export interface ImageFlags extends CommonFlags {
  name?: string;
  context?: string;
  recipe?: string;
  host?: string;
  builder?: string;
  buildContext?: Record<string, string>;
  revision?: string;
  buildArg?: Record<string, string>;
  target?: string;
  platform?: string;
  label?: Record<string, string>;
  secret?: Record<string, SecretSource>;
  force?: string;
  timeout?: Partial<Timeouts>;
  /** `--no-verify` makes it false. */
  verify: boolean;
  requireVerified?: boolean;
  retain?: number;
  keep?: boolean;
  wait?: boolean;
  lock?: string;
  frozenLock?: boolean;
  /** `--no-cache` makes it false. */
  cache: boolean;
  cacheFrom?: string[];
  cacheTo?: string[];
}

const listed = (value: string, before: string[] = []): string[] => [...before, value];

/** Adds the flags of `build` to a command. */
export function withImageFlags(command: Command): Command {
  return command
    .option("--name <name>", "the artifact's name, such as web-app")
    .option("--context <directory>", "the build context")
    .option("--recipe <file>", "the Dockerfile (default: <context>/Dockerfile)")
    .addOption(rootOption())
    .option("--revision <sha>", "full git revision to stamp on the image (git rev-parse HEAD)")
    .addOption(new Option("--build-arg <name=value>", "build argument, repeatable").argParser(pair))
    .option("--target <stage>", "the stage to build")
    .option("--platform <os/architecture>", "the platform to build for, such as linux/amd64")
    .addOption(new Option("--label <name=value>", "label, repeatable").argParser(pair))
    .addOption(
      new Option("--secret <secret>", "id=<id>,src=<file> or id=<id>,env=<variable>, repeatable").argParser(
        secret,
      ),
    )
    .addOption(
      new Option("--build-context <name=source>", "another context for the recipe, repeatable").argParser(
        pair,
      ),
    )
    .addOption(hostOption())
    .option("--builder <name>", "the buildx builder that builds (default: the selected one)")
    .option("--lock <file>", "a lock file that you commit: build from it, or write it if it is missing")
    .option("--frozen-lock", "refuse a lock that is missing or does not fit (default: where CI is set)")
    .option("--no-frozen-lock", "do not refuse it, whatever the environment says")
    .option("--no-cache", "with --lock: use no step of earlier builds again")
    .addOption(
      new Option("--cache-from <place>", "with --lock: where steps come from, repeatable").argParser(listed),
    )
    .addOption(
      new Option("--cache-to <place>", "with --lock: where the steps go, repeatable").argParser(listed),
    )
    .option("--no-verify", "do not rebuild from the lock; there is no verdict until `verify` runs")
    .option("--require-verified", "fail when the image is not verified")
    .option("--no-require-verified", "do not require it, whatever the settings say")
    .addOption(new Option("--retain <builds>", "how many builds of the name stay").argParser(builds))
    .option("--keep", "never prune this build")
    .option("--force <text>", "any text; a text that differs from last time's forces a build")
    .addOption(
      new Option("--timeout <what=seconds>", "limit for git, inspect or rebuild, repeatable").argParser(
        limit,
      ),
    )
    .option(
      "--wait",
      "wait for the verdict; otherwise the rebuild runs in the background (--require-verified waits too)",
    )
    .addOption(jsonOption());
}

/**
 * The inputs of a build from its flags. A missing flag is left out, and the check of the inputs reports it.
 *
 * @param settings values already decided from flags, environment and the store's file
 */
export function imageInputs(
  flags: ImageFlags,
  settings: { root: string; retain: number | undefined; requireVerified: boolean },
): Readonly<Record<string, unknown>> {
  const given = {
    name: flags.name,
    context: flags.context,
    recipe: flags.recipe,
    host: flags.host,
    builder: flags.builder,
    contexts: flags.buildContext,
    revision: flags.revision,
    buildArgs: flags.buildArg,
    target: flags.target,
    platform: flags.platform,
    labels: flags.label,
    secrets: flags.secret,
    force: flags.force,
    timeouts: flags.timeout,
    keep: flags.keep,
    lock: flags.lock,
    frozenLock: flags.frozenLock,
    cache: flags.cache ? undefined : "none",
    cacheFrom: flags.cacheFrom,
    cacheTo: flags.cacheTo,
    verify: mode(flags, settings),
    ...settings,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** When the rebuild runs. A verdict that is required has to be waited for. */
function mode(flags: ImageFlags, { requireVerified }: { requireVerified: boolean }): VerifyMode {
  if (!flags.verify) return "skip";
  return flags.wait === true || requireVerified ? "inline" : "background";
}
