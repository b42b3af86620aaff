import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";

const metadata = z.object({ Endpoints: z.object({ docker: z.object({ Host: z.string() }) }) });

/**
 * The endpoint of a Docker context as programs find it that read docker's files themselves, such as `@pulumi/docker`: only
 * below `~/.docker`, whatever DOCKER_CONFIG says. `default` is in no file.
 *
 * @returns null when no such context can be read there
 */
export async function storedContext(name: string, home: string = homedir()): Promise<string | null> {
  const folder = createHash("sha256").update(name).digest("hex");
  try {
    const text = await readFile(join(home, ".docker", "contexts", "meta", folder, "meta.json"), "utf8");
    return metadata.parse(JSON.parse(text)).Endpoints.docker.Host;
  } catch {
    return null;
  }
}
