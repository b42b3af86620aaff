import { join } from "node:path";
import { runChild, type ChildOptions, type ChildResult } from "../../support/child";
import { dockerProgram } from "../../support/docker";

const REPOSITORY = join(__dirname, "..", "..", "..");

/** The example's script. */
export const HOOK = join(REPOSITORY, "examples/deploy-hook/deploy-hook.sh");

/** The command as it is compiled, as `VERIFIED_IMAGES` takes it. */
export const COMMAND = join(REPOSITORY, "dist/cli/main.js");

/** Variables of the hook that whoever runs the tests may have set. */
const OWN =
  /^(?:VERIFIED_IMAGES|EXPECTED_|CANDIDATE_|TARGET_|RESTART_|COMPOSE_|PRODUCTION_|STAGING_|HEALTH_|CHECK_|BUILD_|GIT_|HOOK_|DIRTY$)/;

/**
 * Runs the hook in a directory, with these variables beside the usual ones.
 *
 * @param options `words`: its arguments
 */
export async function runHook(
  directory: string,
  env: Readonly<Record<string, string>>,
  { words = [], ...options }: ChildOptions & { words?: readonly string[] } = {},
): Promise<ChildResult> {
  return await runChild(HOOK, words, {
    cwd: directory,
    env: await hookEnvironment(env),
    timeoutMs: 240_000,
    ...options,
  });
}

/** The variables with which {@link runHook} runs the hook. */
export async function hookEnvironment(
  env: Readonly<Record<string, string>>,
): Promise<Record<string, string | undefined>> {
  const usual = Object.entries(process.env).filter(([name]) => !OWN.test(name));
  const own = { DOCKER: await dockerProgram(), VERIFIED_IMAGES: COMMAND };
  return { ...Object.fromEntries(usual), ...own, ...env };
}
