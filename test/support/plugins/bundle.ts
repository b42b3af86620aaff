import { build } from "esbuild";
import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { command } from "./command";
import { declarationsOf } from "./declared-inputs";
import { docker } from "./docker";

/** Below node_modules, from where a stand-in finds the SDKs. */
const FOLDER = join(__dirname, "../../../node_modules/.cache/verified-images-stand-ins");

/** The stand-ins, by their plugin's name. */
export const STAND_INS = { docker, command };

/**
 * Writes a stand-in as one JavaScript file, with what the SDK declares in it, and returns its path: the engine starts
 * it for every preview and every update, and from its sources, with both compilers, each start took two seconds.
 */
export async function bundle(name: keyof typeof STAND_INS): Promise<string> {
  const program = [
    `import { ${name} } from "./${name}";`,
    `import { serve } from "./serve";`,
    `void serve(${name}, ${JSON.stringify(declarationsOf(STAND_INS[name]))});`,
  ];
  await mkdir(FOLDER, { recursive: true });
  const file = join(FOLDER, `${name}.cjs`);
  const own = `${file}.${process.pid}`;
  await build({
    stdin: { contents: program.join("\n"), resolveDir: __dirname, loader: "ts" },
    bundle: true,
    platform: "node",
    target: "node20",
    external: ["@pulumi/*"],
    outfile: own,
    logLevel: "warning",
  });
  // Other files' tests may be using it.
  await rename(own, file);
  return file;
}
