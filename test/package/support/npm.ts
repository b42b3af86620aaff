import { dirname, delimiter } from "node:path";
import { runChild } from "../../support/child";

/** What npm tells the scripts that it runs about the package they are of; no matter of another package's. */
const OF_THIS_PACKAGE = /^npm_(?:package_|lifecycle_|config_local_prefix$|config_workspace)|^INIT_CWD$/;

/** The environment in which a stranger calls npm or pnpm: the user's own, registry and certificates included. */
export function strangerEnvironment(variables: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !OF_THIS_PACKAGE.test(name));
  const path = [dirname(process.execPath), process.env.PATH ?? ""].join(delimiter);
  return { ...Object.fromEntries(own), PATH: path, ...variables };
}

/** Runs a program in a folder, and returns its standard output. Throws when it fails, with all that it said. */
export async function inFolder(
  directory: string,
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = strangerEnvironment(),
): Promise<string> {
  const { code, stdout, stderr } = await runChild(command, args, { cwd: directory, env });
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} exited ${code}\n${stdout}\n${stderr}`);
  return stdout;
}

/** Installs what a folder's package.json names, and the packages given, as package.json is to have them. */
export async function npmInstall(
  directory: string,
  packages: readonly string[],
  env: NodeJS.ProcessEnv = strangerEnvironment(),
): Promise<void> {
  await inFolder(directory, "npm", ["install", "--no-audit", "--no-fund", ...packages], env);
}
