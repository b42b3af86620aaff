import { runChild } from "./child";

const WHO = { NAME: "Tests", EMAIL: "tests@example.invalid", DATE: "2025-01-01T00:00:00Z" };

/** git's environment with a fixed identity and date, and nothing of the user's configuration. */
function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"));
  const who = ["AUTHOR", "COMMITTER"].flatMap((role) =>
    Object.entries(WHO).map(([fact, value]): [string, string] => [`GIT_${role}_${fact}`, value]),
  );
  return {
    ...Object.fromEntries(own),
    ...Object.fromEntries(who),
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
  };
}

/** Runs git in a folder and returns its standard output, trimmed. Throws on a non-zero exit. */
export async function git(folder: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runChild("git", ["-C", folder, ...args], { env: environment() });
  if (code !== 0) throw new Error(`git ${args.join(" ")} exited ${code}\n${stderr}${stdout}`);
  return stdout.trim();
}

/** Commits everything in a folder, which becomes a work tree first if it is none, and returns HEAD. */
export async function commitAll(folder: string, message: string): Promise<string> {
  await git(folder, ["init", "--quiet", "--initial-branch=main"]);
  await git(folder, ["add", "--all"]);
  await git(folder, ["commit", "--quiet", "--allow-empty", "--message", message]);
  return git(folder, ["rev-parse", "HEAD"]);
}
