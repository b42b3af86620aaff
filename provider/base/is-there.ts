import { access } from "node:fs/promises";

/** Whether a file is there. If that can't be told, it counts as there. */
export const isThere = async (file: string): Promise<boolean> =>
  await access(file).then(
    () => true,
    (error: unknown) => (error as NodeJS.ErrnoException).code !== "ENOENT",
  );
