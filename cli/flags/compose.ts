import { access } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";
import { Option, type Command } from "commander";
import { InputError } from "../../provider/inputs/failure";
import type { World } from "../world";
import { each } from "./pairs";

/** Flags that name the compose files, the profile and the project. */
export interface ComposeFlags {
  composeFile?: string[];
  composeProfile?: string;
  composeProject?: string;
}

/** Adds these flags to a command. */
export function withComposeFlags(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--compose-file <file>",
        "the compose file, repeatable (default: COMPOSE_FILE, else the one in this directory)",
      ).argParser(each),
    )
    .option("--compose-profile <profile>", "the profile that the service is in")
    .option("--compose-project <name>", "the compose project (default: compose's own default)");
}

/** The files that compose looks for by itself, each with the name of the file that it merges into it. */
const DEFAULTS = ["compose", "docker-compose"].flatMap((name) =>
  ["yaml", "yml"].map((end) => ({ file: `${name}.${end}`, over: `${name}.override` })),
);

const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

/**
 * The compose files, the first one first: from the flags, else from COMPOSE_FILE, else those that compose finds by itself
 * in the working directory.
 *
 * @throws {InputError} when there is none
 */
export async function composeFiles(flags: ComposeFlags, { env, directory }: World): Promise<string[]> {
  const listed = (env.COMPOSE_FILE ?? "").split(env.COMPOSE_PATH_SEPARATOR ?? delimiter);
  const given = (flags.composeFile ?? listed).filter((file) => file !== "");
  if (given.length > 0) return given.map((file) => resolve(directory, file));
  for (const { file, over } of DEFAULTS) {
    const first = join(directory, file);
    if (!(await isThere(first))) continue;
    for (const end of ["yaml", "yml"]) {
      const second = join(directory, `${over}.${end}`);
      if (await isThere(second)) return [first, second];
    }
    return [first];
  }
  const reason = "is missing: there is no compose file in this directory; name it (else COMPOSE_FILE)";
  throw new InputError([{ property: "--compose-file", reason }]);
}
