import { createHash } from "node:crypto";
import { zip, type ZipEntry } from "./zip";

/** A pure Python wheel to be made. */
export interface WheelSpec {
  name: string;
  version: string;
  /** Requires-Dist entries: `other>=1.2`. */
  depends?: readonly string[];
  /** Extra to its Requires-Dist entries. */
  extras?: Readonly<Record<string, readonly string[]>>;
  /** Value of `CONTENT` in the module; default: name and version. */
  content?: string;
}

/** PEP 503: lower case, runs of `-`, `_` and `.` become one `-`. */
export function normalisedName(name: string): string {
  return name.replace(/[-_.]+/g, "-").toLowerCase();
}

/** File name of the wheel (binary distribution format): `<name>-<version>-py3-none-any.whl`. */
export function wheelFile(spec: WheelSpec): string {
  return `${moduleName(spec.name)}-${spec.version}-py3-none-any.whl`;
}

/** The bytes of a wheel with one module, whose name is the project's with `_` for `-`. */
export function buildWheel(spec: WheelSpec): Buffer {
  const module = moduleName(spec.name);
  const info = `${module}-${spec.version}.dist-info`;
  const content = JSON.stringify(spec.content ?? `${spec.name} ${spec.version}`);
  const files: ZipEntry[] = [
    { path: `${module}/__init__.py`, content: `CONTENT = ${content}\n` },
    {
      path: `${info}/METADATA`,
      content: [
        "Metadata-Version: 2.1",
        `Name: ${spec.name}`,
        `Version: ${spec.version}`,
        ...(spec.depends ?? []).map((entry) => `Requires-Dist: ${entry}`),
        ...Object.entries(spec.extras ?? {}).flatMap(([extra, entries]) => [
          `Provides-Extra: ${extra}`,
          ...entries.map((entry) => `Requires-Dist: ${entry}; extra == '${extra}'`),
        ]),
        "",
      ].join("\n"),
    },
    {
      path: `${info}/WHEEL`,
      content: "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    },
  ];
  const record = [...files.map(recordLine), `${info}/RECORD,,`, ""].join("\n");
  return zip([...files, { path: `${info}/RECORD`, content: record }]);
}

function recordLine({ path, content }: ZipEntry): string {
  const bytes = Buffer.from(content);
  return `${path},sha256=${createHash("sha256").update(bytes).digest("base64url")},${bytes.length}`;
}

function moduleName(name: string): string {
  return normalisedName(name).replaceAll("-", "_");
}
