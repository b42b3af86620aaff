import { chmod, mkdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { dockerProgram } from "../../support/docker";

/**
 * Puts a docker client in front of the real one that behaves differently at one command, and returns the PATH that finds
 * it first. In `behaviour` (POSIX shell), `$REAL` is the real client, `$@` its arguments, and `$TURN` counts the calls of
 * that command from 1.
 *
 * @param command the command's first words; default: what is captured, which an export sends of an image, and the builder of
 *   a rebuild
 */
export async function wrapDocker(
  directory: string,
  behaviour: string,
  command: "capture" | "image save" = "capture",
): Promise<string> {
  const bin = join(directory, "bin");
  await mkdir(bin, { recursive: true });
  const script = `#!/bin/sh
REAL='${await dockerProgram()}'
case "$* " in ${command === "capture" ? "'export '* | *' type=tar,dest=- '*" : `'${command} '*`})
  echo turn >> '${directory}/turns'
  TURN=$(wc -l < '${directory}/turns')
  ${behaviour} ;;
esac
exec "$REAL" "$@"
`;
  await writeFile(join(bin, "docker"), script);
  await chmod(join(bin, "docker"), 0o755);
  return `${bin}${delimiter}${process.env.PATH ?? ""}`;
}
