import { chmod, mkdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { dockerProgram } from "../../support/docker";

/**
 * Puts a docker client in front of the real one that behaves differently at `docker export`, and returns the PATH
 * that finds it first. In `onExport` (POSIX shell), `$REAL` is the real client, `$@` its arguments, and `$TURN`
 * counts the exports from 1.
 */
export async function wrapDocker(directory: string, onExport: string): Promise<string> {
  const bin = join(directory, "bin");
  await mkdir(bin, { recursive: true });
  const script = `#!/bin/sh
REAL='${await dockerProgram()}'
if [ "$1" = export ]; then
  echo turn >> '${directory}/exports'
  TURN=$(wc -l < '${directory}/exports')
  ${onExport}
fi
exec "$REAL" "$@"
`;
  await writeFile(join(bin, "docker"), script);
  await chmod(join(bin, "docker"), 0o755);
  return `${bin}${delimiter}${process.env.PATH ?? ""}`;
}
