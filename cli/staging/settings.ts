import type { InputFailure } from "../../provider/inputs/failure";
import { RELEASE_DEFAULTS } from "../../provider/stage/inputs/release-settings";
import { composeFiles } from "../flags/compose";
import type { World } from "../world";
import type { StageFlags } from "./flags";

/** Input of a release -> the flag that gives it. */
const FLAGS: Record<string, string> = {
  "staging.name": "--container",
  "staging.port": "--port",
  "staging.containerPort": "--container-port",
  "staging.healthPath": "--health-path",
  "staging.healthTimeout": "--health-timeout",
  "staging.address": "--address",
  "check.command": "--check",
  "check.timeout": "--check-timeout",
  "check.ssh": "--check-ssh",
  "image.host": "--host",
  "staging.compose.file": "--compose-file",
  "staging.compose.profile": "--compose-profile",
  "staging.compose.project": "--compose-project",
  "staging.compose.service": "--compose-service",
  "staging.compose.worktreeOnHost": "--worktree-on-host",
  "production.name": "--production-container",
  "production.port": "--production-port",
};

/** A failure with its flag's name in place of the input's. */
export function atStageFlag({ property, reason }: InputFailure): InputFailure {
  return { property: FLAGS[property] ?? property, reason };
}

/** Reads a number. A malformed one becomes NaN, which the check of the inputs reports; undefined: not given. */
const number = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : /^[0-9]{1,9}(?:\.[0-9]+)?$/.test(text) ? Number(text) : Number.NaN;

/** The settings from the flags. A compose file is looked for only if a service or a profile is named. */
export async function settingsOf(world: World, flags: StageFlags) {
  const service = flags.composeService;
  const isComposed = service !== undefined || flags.composeProfile !== undefined;
  const [file, ...overrides] = isComposed ? await composeFiles(flags, world) : [];
  const { composeProfile: profile, composeProject: project, worktreeOnHost } = flags;
  const { healthPath, healthTimeout, checkTimeout } = RELEASE_DEFAULTS;
  const port = number(flags.port);
  // A missing value is left out, and the check of the inputs reports it.
  return {
    name: flags.container,
    port,
    containerPort: number(flags.containerPort) ?? (isComposed ? undefined : port),
    healthPath: flags.healthPath ?? healthPath,
    healthTimeout: number(flags.healthTimeout) ?? healthTimeout,
    checkCommand: flags.check,
    checkTimeout: number(flags.checkTimeout) ?? checkTimeout,
    address: flags.address,
    checkSsh: flags.checkSsh,
    production: { name: flags.productionContainer, port: number(flags.productionPort) },
    host: flags.host,
    compose: isComposed
      ? { file, overrides, profile, service, project, worktree: world.directory, worktreeOnHost }
      : undefined,
  };
}
