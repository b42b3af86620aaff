import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";

/** The parts of docker's `config.json` that say where credentials are; none of it holds a value read here. */
const file = z.object({
  auths: z.record(z.string(), z.unknown()).optional(),
  credHelpers: z.record(z.string(), z.string()).optional(),
  credsStore: z.string().optional(),
});

/** Where docker would look for the credentials of one registry. */
type Whereabouts =
  /** In its own file, or through the helper that the file names for this registry. */
  | { kind: "file" }
  /** In the store that it keeps all credentials in: the helper `docker-credential-<store>`. */
  | { kind: "store"; store: string }
  /** Nowhere. */
  | { kind: "none" };

/** Where docker would look, by its configuration's text; a text that is no configuration says nothing. */
export function credentialsFor(host: string, text: string): Whereabouts {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: "none" };
  }
  const read = file.safeParse(json);
  if (!read.success) return { kind: "none" };
  const { auths = {}, credHelpers = {}, credsStore = "" } = read.data;
  if (Object.hasOwn(credHelpers, host)) return { kind: "file" };
  // A store has Docker Hub's credentials under a name of its own, which skopeo does not ask for.
  if (credsStore !== "" && host !== "docker.io") return { kind: "store", store: credsStore };
  const names = Object.keys(auths).map((key) => key.replace(/^https?:\/\//, "").replace(/\/.*$/, ""));
  const asked = host === "docker.io" ? ["docker.io", "index.docker.io"] : [host];
  return names.some((name) => asked.includes(name)) ? { kind: "file" } : { kind: "none" };
}

/** Path of docker's configuration (the docker client's own rule). */
export function dockerConfiguration(environment: NodeJS.ProcessEnv = process.env): string {
  const folder = environment.DOCKER_CONFIG ?? "";
  return join(folder === "" ? join(homedir(), ".docker") : folder, "config.json");
}

/** Where docker would look for a registry's credentials. */
export async function whereabouts(host: string): Promise<Whereabouts> {
  const text = await readFile(dockerConfiguration(), "utf8").catch(() => "");
  return credentialsFor(host, text);
}
