import type { BuildInstructions } from "../engine";

/** Names of variables that can be set for any program. */
const SETTABLE = /^[A-Za-z_][A-Za-z0-9_.-]*$/;

/**
 * Variables that the docker client and what it starts (buildx, ssh, git, credential helpers) read themselves. To set one of
 * them would change how the client works.
 */
const READ_BY_CLIENT: readonly RegExp[] = [
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|ENV|BASH_ENV|IFS|TMPDIR|TMP|TEMP|LANG|LANGUAGE|TZ|TERM|NO_COLOR|SOURCE_DATE_EPOCH)$/,
  /^(?:DOCKER|BUILDX|BUILDKIT|COMPOSE|LC|LD|DYLD|XDG|SSH|SSL|OTEL|EXPERIMENTAL)_/,
  /^GIT_(?:DIR|WORK_TREE|INDEX_FILE|EXEC_PATH|CONFIG|SSH|ASKPASS|TRACE|COMMON_DIR|OBJECT)/,
  /^GO(?:DEBUG|MAXPROCS|GC|MEMLIMIT|TRACEBACK|COVERDIR)$/,
  /^(?:https?|ftp|no|all)_proxy$/i,
];

/** The build arguments that docker is given in its environment. All others are on its command line. */
export function buildVariables(
  { buildArgs }: Pick<BuildInstructions, "buildArgs">,
  environment: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(buildArgs).filter(
      ([name, value]) =>
        environment[name] === value || (SETTABLE.test(name) && !READ_BY_CLIENT.some((one) => one.test(name))),
    ),
  );
}
