import { readFile } from "node:fs/promises";

/** A file's text; null: there is no such file. Any other failure is thrown as it is. */
export async function readIfThere(file: string): Promise<string | null> {
  return await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
    throw error;
  });
}
