import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { runChild } from "./child";

const REPOSITORY = resolve(__dirname, "../..");
const HOOK = join(__dirname, "compile-cache.cjs");

/** What Pulumi's own processes, our stand-ins and the programs load. */
const MODULES = [
  "@pulumi/pulumi",
  "@pulumi/pulumi/cmd/run/tracing",
  "@pulumi/pulumi/vendor/ts-node@7.0.1/index.js",
  "@pulumi/pulumi/provider",
  "@pulumi/docker",
  "@pulumi/command",
  "typescript",
  "./dist/index.js",
  "./dist/provider/index.js",
];

/** One for each version of Node.js, of the dependencies and of our own code. */
function cacheFile(): string {
  const hash = createHash("sha256").update(process.version).update(MODULES.join());
  for (const path of [HOOK, join(REPOSITORY, "package-lock.json"), join(REPOSITORY, ".state/compiled.json")])
    hash.update(existsSync(path) ? readFileSync(path) : "");
  return join(REPOSITORY, "node_modules/.cache/verified-images-compiled", hash.digest("hex").slice(0, 16));
}

const variables = (file: string): NodeJS.ProcessEnv => ({
  NODE_OPTIONS: [process.env.NODE_OPTIONS ?? "", "--require", JSON.stringify(HOOK)].join(" ").trim(),
  VERIFIED_IMAGES_COMPILED: file,
});

/**
 * Variables with which a process of Node.js takes what `compile-cache.cjs` has compiled before; it is compiled by the
 * first call, and kept below node_modules.
 */
export async function compiledOnce(): Promise<NodeJS.ProcessEnv> {
  const file = cacheFile();
  if (existsSync(file)) return variables(file);
  await mkdir(dirname(file), { recursive: true });
  // Another file's tests may be making it as well.
  const own = `${file}.${process.pid}`;
  const program = MODULES.map((name) => `require(${JSON.stringify(name)});`).join("");
  const { code, stderr } = await runChild(process.execPath, ["-e", program], {
    cwd: REPOSITORY,
    env: { ...process.env, ...variables(own), VERIFIED_IMAGES_COMPILE: "write" },
  });
  if (code !== 0) throw new Error(`the modules of Pulumi can't be compiled\n${stderr}`);
  await rename(own, file);
  return variables(file);
}
