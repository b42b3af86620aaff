import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** The backend that the user has logged in to, or null. @param {NodeJS.ProcessEnv} env @param {string} home */
function loggedInTo(env, home) {
  const folder = env.PULUMI_CREDENTIALS_PATH || env.PULUMI_HOME || join(home, ".pulumi");
  try {
    return JSON.parse(readFileSync(join(folder, "credentials.json"), "utf8")).current || null;
  } catch (error) {
    if (error.code === "ENOENT" || error.code === "ENOTDIR" || error instanceof SyntaxError) return null;
    throw error;
  }
}

/**
 * The variables that Pulumi needs beyond the user's own: state in a local file backend in a folder and an empty
 * passphrase. The user's backend wins (PULUMI_BACKEND_URL, PULUMI_ACCESS_TOKEN, `pulumi login`), and so does the
 * user's passphrase (PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE).
 * @param {NodeJS.ProcessEnv} env
 * @param {{folder: string, home: string}} places
 * @returns {Record<string, string>}
 */
export function backendVariables(env, { folder, home }) {
  const variables = { PULUMI_SKIP_UPDATE_CHECK: "true" };
  const own = env.PULUMI_BACKEND_URL || env.PULUMI_ACCESS_TOKEN || loggedInTo(env, home);
  if (!own) variables.PULUMI_BACKEND_URL = pathToFileURL(folder).href;
  if (env.PULUMI_CONFIG_PASSPHRASE === undefined && env.PULUMI_CONFIG_PASSPHRASE_FILE === undefined) {
    variables.PULUMI_CONFIG_PASSPHRASE = "";
  }
  return variables;
}
