import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { before } from "../../base/words/cut";

/** The fields of docker's `config.json` that say where credentials are. No credentials are read. */
const file = z.object({
  auths: z.record(z.string(), z.unknown()).optional(),
  credHelpers: z.record(z.string(), z.string()).optional(),
  credsStore: z.string().optional(),
});

/** Where docker looks for the credentials of one registry. */
type CredentialSource =
  /** In its configuration file, or in the helper that the file names for this registry. */
  | { kind: "file" }
  /** In the store that it uses for all credentials, through the helper `docker-credential-<store>`. */
  | { kind: "store"; store: string }
  /** Nowhere: it has none for this registry. */
  | { kind: "none" };

/** Where docker looks for a registry's credentials, by the text of its configuration. A damaged text means nowhere. */
export function credentialsFor(host: string, text: string): CredentialSource {
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
  // Docker stores Docker Hub's credentials under a special name, which skopeo does not look for.
  if (credsStore !== "" && host !== "docker.io") return { kind: "store", store: credsStore };
  const names = Object.keys(auths).map((key) => before(key.replace(/^https?:\/\//, ""), "/"));
  const asked = host === "docker.io" ? ["docker.io", "index.docker.io"] : [host];
  return names.some((name) => asked.includes(name)) ? { kind: "file" } : { kind: "none" };
}

/** The path of docker's configuration, by the docker client's own rule. */
export function dockerConfiguration(environment: NodeJS.ProcessEnv = process.env): string {
  const folder = environment.DOCKER_CONFIG ?? "";
  return join(folder === "" ? join(homedir(), ".docker") : folder, "config.json");
}

/** Where docker looks for the credentials of a registry, by the user's configuration. */
export async function findCredentials(host: string): Promise<CredentialSource> {
  const text = await readFile(dockerConfiguration(), "utf8").catch(() => "");
  return credentialsFor(host, text);
}
