import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import packageJson from "../../../package.json";
import type { OwnImages } from "../../support/own-images";
import { writeInside } from "../../support/pulumi-project";
import { inFolder } from "./npm";

/** The module system of a stranger's program. */
export type Modules = "commonjs" | "esm";

/** The compiler options of `pulumi new typescript`, and what a program in ES modules needs instead. */
const COMPILER_OPTIONS: Record<Modules, object> = {
  commonjs: { target: "es2020", module: "commonjs", moduleResolution: "node" },
  esm: { target: "es2022", module: "nodenext", moduleResolution: "nodenext" },
};

const BODY = (name: string, labels: OwnImages["labels"]): string => `
  const revision = await validatedRevision("app");
  const image = new ReproducibleImage("image", {
    name: "${name}", context: "app", root: "store", revision, labels: ${JSON.stringify(labels)},
  });
  const promotion = new PromotedImage("promotion", {
    source: image.imageId, targets: ["${name}:production"], expectedRevision: revision,
  });
  const { imageId, verified, packages } = image;
  const { verdict } = promotion;
`;

/** A program with one image and its promotion; in CommonJS everything asynchronous has to be in a function. */
function programText(modules: Modules, { name, labels }: OwnImages): string {
  const imports = `import { PromotedImage, ReproducibleImage, validatedRevision } from "pulumi-verified-images";\n`;
  const body = BODY(name, labels);
  return modules === "esm"
    ? `${imports}${body}export { imageId, packages, verdict, verified };\n`
    : `${imports}export = async () => {${body}return { imageId, packages, verdict, verified };\n};\n`;
}

/** What a stranger's project is made of. */
export interface StrangerSpec {
  modules: Modules;
  images: OwnImages;
  /** Default: the one that this repository is developed with. */
  sdk?: string;
}

/** Writes, or overwrites, the files of a stranger's project: nothing of this repository is in reach of it. */
export async function writeStranger(
  directory: string,
  { modules, images, sdk = packageJson.devDependencies["@pulumi/pulumi"] }: StrangerSpec,
): Promise<void> {
  const { typescript, "@types/node": types } = packageJson.devDependencies;
  const manifest = {
    name: "stranger",
    main: "index.ts",
    ...(modules === "esm" ? { type: "module" } : {}),
    devDependencies: { "@types/node": types, typescript },
    dependencies: { "@pulumi/pulumi": sdk },
  };
  const compilerOptions = {
    strict: true,
    outDir: "bin",
    sourceMap: true,
    noImplicitReturns: true,
    ...COMPILER_OPTIONS[modules],
  };
  await writeInside(directory, "package.json", JSON.stringify(manifest));
  await writeInside(directory, "tsconfig.json", JSON.stringify({ compilerOptions, files: ["index.ts"] }));
  await writeInside(directory, "Pulumi.yaml", "name: stranger\nruntime: nodejs\n");
  await writeInside(directory, "index.ts", programText(modules, images));
}

/** A new folder with a stranger's project in it, and the git work tree `app` that its image is made of. */
export async function makeStranger(spec: StrangerSpec): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "verified-images-stranger-"));
  await writeStranger(directory, spec);
  const recipe = "FROM scratch\nCOPY text /text\n";
  await writeInside(directory, "app/Dockerfile", recipe);
  await writeInside(directory, "app/text", `${spec.images.name}\n`);
  await git(directory, "init", "--quiet");
  await git(directory, "add", ".");
  await git(directory, "-c", "user.name=Stranger", "-c", "user.email=stranger@example.com", ...COMMIT);
  return directory;
}

const COMMIT = ["commit", "--quiet", "--message", "a service"];

/** Runs git in a stranger's work tree. */
export async function git(directory: string, ...args: string[]): Promise<string> {
  return (await inFolder(join(directory, "app"), "git", args)).trim();
}
