import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { PackageSpec } from "./archive";

/** A Python project's release to publish, as one pure wheel; `CONTENT` in its module is the content. */
export interface PipSpec extends PackageSpec {
  /** Requires-Dist entries: `other>=1.2`. */
  depends?: readonly string[];
  /** Extra to its Requires-Dist entries. */
  extras?: Readonly<Record<string, readonly string[]>>;
}

/** PEP 503: lower case, runs of `-`, `_` and `.` become one `-`. */
export function normalisedName(name: string): string {
  return name.replace(/[-_.]+/g, "-").toLowerCase();
}

/** File name of the wheel (binary distribution format): `<name>-<version>-py3-none-any.whl`. */
export function wheelFile(spec: PipSpec): string {
  return `${moduleName(spec.name)}-${spec.version}-py3-none-any.whl`;
}

/** The bytes of a wheel with one module, whose name is the project's with `_` for `-`. */
export function buildWheel(spec: PipSpec): Buffer {
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

/** A file in a zip; `path` has forward slashes and ASCII names only. */
interface ZipEntry {
  path: string;
  content: string | Buffer;
}

// 1 January 1980, 00:00, in the format's own encoding (APPNOTE.TXT 4.4.6).
const DATE = (0 << 9) | (1 << 5) | 1;

/** A zip with stored (uncompressed) entries, without zip64 (APPNOTE.TXT 4.3): same entries, same bytes. */
function zip(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.path, "ascii");
    const data = Buffer.from(entry.content);
    const common = commonFields(name, data);
    const local = Buffer.concat([signature(0x04034b50), common, name, data]);
    const directory = Buffer.alloc(14);
    directory.writeUInt32LE((0o100644 << 16) >>> 0, 6);
    directory.writeUInt32LE(offset, 10);
    // "Made by" 3.0 on Unix, so that the mode bits in the external attributes count.
    central.push(signature(0x02014b50), Buffer.from([30, 3]), common, directory, name);
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, directory, signature(0x06054b50), end]);
}

/** The 26 bytes that local and central headers share: needed version up to the extra field's length. */
function commonFields(name: Buffer, data: Buffer): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(DATE, 8);
  fields.writeUInt32LE(crc32(data), 10);
  fields.writeUInt32LE(data.length, 14);
  fields.writeUInt32LE(data.length, 18);
  fields.writeUInt16LE(name.length, 22);
  return fields;
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
