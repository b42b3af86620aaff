import { mkdir, mkdtemp, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { installPlugins, type PluginChoice } from "./plugins/install";

/** This repository's root. */
export const REPOSITORY = resolve(__dirname, "../..");

/** A project's own CLI home, below its folder. */
export const CLI_HOME = ".pulumi-home";

/** What a test project is made of. */
export interface ProjectSpec {
  /** Pulumi's project name: letters, digits, `-`, `_`, `.`. */
  name: string;
  /** The program's text; with `language: "typescript"` it is index.ts, else index.js. */
  program: string;
  /** Default `javascript`, which starts faster. */
  language?: "javascript" | "typescript";
  /** More files, by relative path. */
  files?: Readonly<Record<string, string>>;
  /** For programs that use `@pulumi/docker` or `@pulumi/command`; default: none. */
  plugins?: PluginChoice;
}

/**
 * Writes a project to a new temporary folder and returns its path: the program, its files, and a node_modules
 * where `pulumi-verified-images` and `@pulumi/*` are this repository's (the provider's process resolves bare
 * requires from the program's folder).
 */
export async function writeProject({
  name,
  program,
  language = "javascript",
  files = {},
  plugins,
}: ProjectSpec): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "verified-images-pulumi-"));
  const typescript = language === "typescript";
  const main = typescript ? "index.ts" : "index.js";
  await writeInside(
    directory,
    "Pulumi.yaml",
    `name: ${name}\nruntime:\n  name: nodejs\n  options:\n    typescript: ${typescript}\n`,
  );
  await writeInside(
    directory,
    "package.json",
    JSON.stringify({ name, version: "0.0.0", private: true, main }),
  );
  if (typescript) {
    const compilerOptions = { target: "es2022", module: "nodenext", strict: true, skipLibCheck: true };
    await writeInside(directory, "tsconfig.json", JSON.stringify({ compilerOptions, files: [main] }));
  }
  await writeInside(directory, main, program);
  for (const [path, text] of Object.entries(files)) await writeInside(directory, path, text);

  const modules = join(directory, "node_modules");
  await mkdir(modules);
  await symlink(REPOSITORY, join(modules, "pulumi-verified-images"));
  for (const shared of ["@pulumi", "@types", "typescript"]) {
    await symlink(join(REPOSITORY, "node_modules", shared), join(modules, shared));
  }
  if (plugins) await installPlugins(join(directory, CLI_HOME), plugins);
  return directory;
}

/** Writes a file below a folder, with the folders on its way. Throws when the path leads outside. */
export async function writeInside(directory: string, path: string, text: string): Promise<void> {
  const file = resolve(directory, path);
  const inside = relative(directory, file);
  if (inside === "" || inside.startsWith("..") || isAbsolute(inside))
    throw new Error(`${path} is not inside the project`);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
