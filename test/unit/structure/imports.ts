import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import ts from "typescript";

/** The project's folder. */
export const PROJECT = join(__dirname, "../../..");

/** One import: the file that has it, and the file that it names. Types count as much as values. */
export interface Arrow {
  from: string;
  to: string;
}

/** The TypeScript files below some folders of the project, as POSIX paths. */
function filesBelow(folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(PROJECT, folder), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
      .map((entry) => posix.relative(PROJECT, posix.join(entry.parentPath, entry.name))),
  );
}

function target(from: string, name: string): string | undefined {
  const path = posix.join(posix.dirname(from), name).replace(/\.js$/, "");
  return [`${path}.ts`, `${path}/index.ts`].find((file) => existsSync(join(PROJECT, file)));
}

/** Every import of one file: static, of types, by `import()` and by `require()`. */
function arrowsOf(from: string): Arrow[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(PROJECT, from), "utf8"), true, true);
  return importedFiles
    .filter(({ fileName }) => fileName.startsWith("."))
    .flatMap(({ fileName }) => target(from, fileName) ?? [])
    .map((to) => ({ from, to }));
}

/** All imports between files of the package's own code. */
export function arrows(): Arrow[] {
  return ["index.ts", ...filesBelow(["provider", "components", "cli"])].flatMap(arrowsOf);
}

/** The folders directly below `provider/`. */
export function roomsOnDisk(): string[] {
  return readdirSync(join(PROJECT, "provider"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

/** The room of a file: a folder below `provider/`, or else the top folder. */
export function roomOf(file: string): string {
  const [top = "", room = ""] = dirname(file).split("/");
  return top === "provider" && room !== "" ? room : top;
}

/** Groups of files that import each other, straight or in a circle; each group by name. */
export function circles(all: readonly Arrow[]): string[][] {
  const next = new Map<string, string[]>();
  for (const { from, to } of all) next.set(from, [...(next.get(from) ?? []), to]);
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const found: string[][] = [];
  const visit = (file: string): void => {
    index.set(file, index.size);
    low.set(file, index.get(file)!);
    open.push(file);
    for (const to of next.get(file) ?? []) {
      if (!index.has(to)) visit(to);
      if (open.includes(to)) low.set(file, Math.min(low.get(file)!, low.get(to)!));
    }
    if (low.get(file) === index.get(file)) {
      const group = open.splice(open.indexOf(file));
      if (group.length > 1) found.push(group.toSorted());
    }
  };
  for (const file of next.keys()) if (!index.has(file)) visit(file);
  return found;
}
