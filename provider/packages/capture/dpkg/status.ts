import { deb822Stanzas, type Deb822Stanza } from "../deb822";
import { quoted } from "../errors";

export interface DpkgPackage {
  name: string;
  version: string;
  /** The field `Architecture`; absent if the stanza has none. */
  architecture?: string;
}

const FIELDS: ReadonlySet<string> = new Set([
  ...["package", "version", "status", "architecture"],
  "description",
]);
/** How many bytes at the end are searched for the empty line. */
const LAST_BYTES = 64;

/** Package states in which no file of the package is installed (dpkg(1), "Package states"). */
const GONE: ReadonlySet<string> = new Set(["not-installed", "config-files"]);
/** Package states in which files are installed. A package that a failed run left half-installed is in the image too. */
const PRESENT: ReadonlySet<string> = new Set([
  "installed",
  "half-installed",
  "unpacked",
  "half-configured",
  "triggers-awaited",
  "triggers-pending",
]);

const NAME = /^[A-Za-z0-9][A-Za-z0-9+._-]{0,254}$/;
const VERSION = /^[!-~]{1,256}$/;
const ARCHITECTURE = /^[a-z0-9][a-z0-9-]{0,63}$/;

/** What a stanza says of one package. */
export interface DpkgRecord {
  name: string;
  architecture: string | undefined;
  /** Null: none of its files is in the image. */
  installed: DpkgPackage | null;
}

/**
 * The packages that are in the image according to `/var/lib/dpkg/status`.
 *
 * @throws {Error} for a cut file and for any malformed stanza. dpkg ends every stanza with an empty line. A database
 *   without any Description was not written by dpkg, and may end without one.
 */
export function parseStatus(content: Buffer): DpkgPackage[] {
  const packages: DpkgPackage[] = [];
  let described = false;
  for (const { stanza, record } of records(content)) {
    described ||= stanza.has("description");
    if (record.installed !== null) packages.push(record.installed);
  }
  if (described && !/\n[ \t\r]*\n$/.test(content.subarray(-LAST_BYTES).toString("latin1"))) {
    throw new Error("is cut: no empty line ends its last stanza");
  }
  return packages;
}

/**
 * What a file in `/var/lib/dpkg/updates` says. dpkg ends its last stanza without an empty line.
 *
 * @throws {Error} for a file without a stanza, a last line without an end, and any malformed stanza
 */
export function parseUpdate(content: Buffer): DpkgRecord[] {
  const found = [...records(content)].map(({ record }) => record);
  if (found.length === 0) throw new Error("has no stanza");
  return found;
}

function* records(content: Buffer): Generator<{ stanza: Deb822Stanza; record: DpkgRecord }> {
  if (content.length > 0 && content[content.length - 1] !== 0x0a) {
    throw new Error("is cut: its last line has no end");
  }
  for (const stanza of deb822Stanzas(content, FIELDS)) {
    const name = required(stanza, "package", NAME, "a stanza");
    const state = required(stanza, "status", /^/, `the stanza of ${name}`).split(/\s+/);
    const word = state[2] ?? "";
    if (state.length !== 3 || !(PRESENT.has(word) || GONE.has(word))) {
      throw new Error(`has a stanza of ${name} with an unknown Status: ${quoted(state.join(" "))}`);
    }
    const installed = PRESENT.has(word) ? toPackage(name, stanza) : null;
    yield { stanza, record: { name, architecture: stanza.get("architecture"), installed } };
  }
}

/**
 * The packages of one file in `/var/lib/dpkg/status.d`. Images that were built without dpkg have one control stanza per
 * package there. The file itself says that the package is installed, so `Status` is optional.
 *
 * @throws {Error} for a file without a stanza, for any malformed stanza, and if name or version is in a last line
 *   without a line end, which may be cut
 */
export function parseStatusPart(content: Buffer): DpkgPackage[] {
  const last = content.subarray(content.lastIndexOf(0x0a) + 1).toString("latin1");
  if (/^(?:package|version)[ \t]*:/i.test(last)) {
    throw new Error(`is cut: the line ${quoted(last)} has no end`);
  }
  const packages: DpkgPackage[] = [];
  for (const stanza of deb822Stanzas(content, FIELDS)) {
    packages.push(toPackage(required(stanza, "package", NAME, "a stanza"), stanza));
  }
  if (packages.length === 0) {
    throw new Error("has no stanza");
  }
  return packages;
}

function toPackage(name: string, stanza: Deb822Stanza): DpkgPackage {
  const version = required(stanza, "version", VERSION, `the stanza of ${name}`);
  if (!stanza.has("architecture")) {
    return { name, version };
  }
  return {
    name,
    version,
    architecture: required(stanza, "architecture", ARCHITECTURE, `the stanza of ${name}`),
  };
}

function required(stanza: Deb822Stanza, field: string, form: RegExp, whose: string): string {
  const value = stanza.get(field);
  if (value === undefined || value === "") {
    throw new Error(`is malformed: ${whose} has no ${field[0]!.toUpperCase()}${field.slice(1)}`);
  }
  if (!form.test(value)) {
    throw new Error(`is malformed: ${whose} has an impossible ${field}: ${quoted(value)}`);
  }
  return value;
}
