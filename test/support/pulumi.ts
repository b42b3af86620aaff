import { realpathSync, rmSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runChild, type ChildResult } from "./child";
import { compiledOnce } from "./compiled";
import { findPrograms } from "./find-program";
import { parsePreview, type Preview } from "./pulumi-preview";
import { runOnTerminal } from "./terminal";
import { CLI_HOME, REPOSITORY, writeInside, writeProject, type ProjectSpec } from "./pulumi-project";

/** How a command of the CLI ended. */
export type PulumiResult = ChildResult;

/** An update's result; `outputs` are the stack's, secrets in plain text, empty after a failure. */
export interface UpResult extends PulumiResult {
  outputs: Record<string, unknown>;
}

/** By default a non-zero exit throws; with `expectFailure` an exit of zero does. */
export interface Expectation {
  expectFailure?: boolean;
}

/** How `pulumi up` is run. */
export interface UpOptions extends Expectation {
  /** Runs the update alone, which takes half the time. */
  skipPreview?: boolean;
}

/** A Pulumi project in a temporary folder with one stack `test`, a file backend and a CLI home of its own. */
export interface PulumiProject extends ReturnType<typeof commandsIn> {
  /** The whole project, state included, in another folder. */
  clone(): Promise<PulumiProject>;
}

/** The part of an exported stack that tests look at. */
export interface Deployment {
  version: number;
  deployment: {
    resources?: {
      urn: string;
      type: string;
      inputs?: Record<string, unknown>;
      outputs?: Record<string, unknown>;
    }[];
    pending_operations?: { resource: { urn: string } }[];
  };
}

const folders = new Set<string>();
process.once("exit", () => folders.forEach(removeFolder));

function removeFolder(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
  folders.delete(directory);
}

/** For examples in TypeScript, whose types the linting checks: Pulumi compiles them alone. */
export const UNCHECKED: NodeJS.ProcessEnv = { PULUMI_NODEJS_TRANSPILE_ONLY: "true" };

/** Makes a project and its stack. Every call takes at most {@link LIMIT_MS}; see {@link runChild} for the end. */
export async function makeProject(spec: ProjectSpec): Promise<PulumiProject> {
  return initProject(await writeProject(spec), UNCHECKED);
}

/**
 * Takes charge of a folder with a project in it, which goes when this process ends, and makes its stack.
 *
 * @param more environment of every command, beyond the usual
 */
export async function initProject(directory: string, more: NodeJS.ProcessEnv = {}): Promise<PulumiProject> {
  folders.add(directory);
  try {
    const variables = { ...(await compiledOnce()), ...more };
    const [program] = findPrograms("pulumi");
    if (program === undefined) throw new Error("no pulumi on PATH: run the set-up, or put the CLI on PATH");
    await mkdir(join(directory, "state"), { recursive: true });
    const init = await runChild(program, ["stack", "init", STACK, "--non-interactive"], {
      cwd: directory,
      env: { ...cliEnvironment(program, directory), ...variables },
    });
    if (init.code === 0) return openProject(program, directory, variables);
    throw new Error(`pulumi stack init exited ${init.code}\n${init.stdout}\n${init.stderr}`);
  } catch (error) {
    removeFolder(directory);
    throw error;
  }
}

const STACK = "test";

/** The key by which a state marks an encrypted value (Pulumi's `resource.SigKey`). */
const SECRET = "4dabf18193072939515e22adb298388d";

/** Milliseconds for one command: no more than an endless wait is to be noticed. */
const LIMIT_MS = 900_000;

function cliArguments(args: readonly string[]): string[] {
  return [...args, "--stack", STACK, "--non-interactive", "--color", "never"];
}

function openProject(program: string, directory: string, always: NodeJS.ProcessEnv): PulumiProject {
  const clone = async (): Promise<PulumiProject> => {
    const copy = await mkdtemp(join(tmpdir(), "verified-images-pulumi-"));
    folders.add(copy);
    await cp(directory, copy, { recursive: true, verbatimSymlinks: true });
    return openProject(program, copy, always);
  };
  return { ...commandsIn(program, directory, always), clone };
}

function commandsIn(program: string, directory: string, always: NodeJS.ProcessEnv) {
  const env = { ...cliEnvironment(program, directory), ...always };
  /** Any command on the stack, with more environment variables; never throws on a non-zero exit. */
  const run = (args: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<PulumiResult> =>
    runChild(program, cliArguments(args), {
      cwd: directory,
      env: { ...env, ...variables },
      timeoutMs: LIMIT_MS,
    });

  async function demand(
    args: readonly string[],
    { expectFailure = false }: Expectation = {},
  ): Promise<PulumiResult> {
    const result = await run(args);
    if ((result.code !== 0) === expectFailure) return result;
    const wanted = expectFailure ? "a failure" : "success";
    throw new Error(
      `pulumi ${args.join(" ")} exited ${result.code}, expected ${wanted}\n${result.stdout}\n${result.stderr}`,
    );
  }

  /** From the backend's own file, which is quicker than to ask the CLI; only that can read secrets. */
  async function stackOutputs(): Promise<Record<string, unknown>> {
    const [, name = ""] = /^name: (\S+)$/m.exec(await readFile(join(directory, "Pulumi.yaml"), "utf8")) ?? [];
    const file = join(fileURLToPath(String(env.PULUMI_BACKEND_URL)), ".pulumi/stacks", name, `${STACK}.json`);
    const { checkpoint } = JSON.parse(await readFile(file, "utf8")) as {
      checkpoint: { latest: Deployment["deployment"] };
    };
    const stack = checkpoint.latest.resources?.find(({ type }) => type === "pulumi:pulumi:Stack");
    const outputs = stack?.outputs ?? {};
    if (!JSON.stringify(outputs).includes(SECRET)) return outputs;
    const { stdout } = await demand(["stack", "output", "--json", "--show-secrets"]);
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  return {
    ...{ directory, stack: STACK, run },
    /** The same in a terminal of this width, as a person sees it. */
    onTerminal: (args: readonly string[], columns: number, variables?: NodeJS.ProcessEnv) =>
      runOnTerminal(program, [...args, "--stack", STACK], {
        columns,
        cwd: directory,
        env: { ...env, ...variables },
      }),
    /** Starts a command that is going to be ended from outside; `end` is how it ended, or the error that says by which signal. */
    start(args: readonly string[]) {
      const running = { pid: 0, text: "" };
      const end = runChild(program, cliArguments(args), {
        cwd: directory,
        env,
        timeoutMs: LIMIT_MS,
        onStart: (pid) => (running.pid = pid),
        onOutput: (said) => (running.text = said),
      }).catch((error: unknown) => error as Error);
      return { pid: running.pid, said: () => running.text, end };
    },
    /** Adds or replaces a file. */
    write: (path: string, text: string) => writeInside(directory, path, text),
    /** `pulumi up`: with its preview, as users run it, unless told otherwise. */
    async up({ skipPreview = false, ...expectation }: UpOptions = {}): Promise<UpResult> {
      const result = await demand(["up", "--yes", ...(skipPreview ? ["--skip-preview"] : [])], expectation);
      if (result.code !== 0) return { ...result, outputs: {} };
      return { ...result, outputs: await stackOutputs() };
    },
    /** `preview --json`, without refresh. A failed preview is a result too, with its code. */
    async preview(variables?: NodeJS.ProcessEnv): Promise<Preview> {
      const { code, stdout, stderr } = await run(["preview", "--json"], variables);
      return parsePreview(code, stdout, stderr);
    },
    /** What people see: `preview --diff`. */
    previewText: () => run(["preview", "--diff"]),
    refresh: (expectation?: Expectation) => demand(["refresh", "--yes"], expectation),
    destroy: (expectation?: Expectation) => demand(["destroy", "--yes"], expectation),
    /** The deployment, as `stack export` gives it. */
    exportState: async () => JSON.parse((await demand(["stack", "export"])).stdout) as Deployment,
    config: async (key: string, value: string) => void (await demand(["config", "set", key, value])),
    /** Removes the folder; resources that are still there are the caller's to destroy first. */
    remove: () => removeFolder(directory),
  };
}

/**
 * The environment of a CLI whose state and home are in a folder. Nothing of the caller's Pulumi set-up gets in; the
 * launcher of dynamic providers is the one beside the CLI, where there is one, else the SDK's own.
 */
export function cliEnvironment(program: string, directory: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("PULUMI_"));
  const path = [
    dirname(realpathSync(program)),
    join(REPOSITORY, "node_modules/@pulumi/pulumi"),
    process.env.PATH ?? "",
  ];
  return {
    ...Object.fromEntries(inherited),
    PATH: path.join(delimiter),
    PULUMI_HOME: join(directory, CLI_HOME),
    PULUMI_BACKEND_URL: `file://${join(directory, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
}
