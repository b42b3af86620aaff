import { quoted } from "../errors";

export interface PythonMetadata {
  /** Normalised as in PEP 503. */
  name: string;
  version: string;
}

/** The form of a name (PEP 508, "Names"). */
const NAME = /^([A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9._-]{0,212}[A-Za-z0-9])$/;
/** Any printable text: old packages have versions that PEP 440 would refuse. */
const VERSION = /^[!-~]{1,256}$/;

/** Normalises a project name, so that names can be compared (PEP 503): `Foo._Bar` becomes `foo-bar`. */
export function normalisedName(name: string): string {
  return name.replace(/[-_.]+/g, "-").toLowerCase();
}

/**
 * Reads `Name` and `Version` from the headers of a METADATA or PKG-INFO file (PEP 566: RFC 822 headers). The headers
 * end at a blank line. They also end at a line that is no header, as in Python's own reader.
 *
 * @throws {Error} when one of the two is missing, is there twice, is impossible, or may be cut
 */
export function parseMetadata(content: Buffer): PythonMetadata {
  const headers = new Map<string, string[]>();
  // Both values are ASCII. Other headers of old packages may be in any encoding.
  const lines = content.toString("latin1").split("\n");
  const unended = lines.pop();
  let current: string[] | undefined;
  for (const raw of lines) {
    const line = raw.replace(/\r$/, "");
    if (/^[ \t]/.test(line) && current !== undefined) {
      current[current.length - 1] += ` ${line.trim()}`;
      continue;
    }
    const match = /^([!-9;-~]+):([^]*)$/.exec(line);
    if (match === null) {
      break;
    }
    const name = match[1]!.toLowerCase();
    current = headers.get(name) ?? [];
    headers.set(name, current);
    current.push(match[2]!.trim());
  }
  if (unended !== undefined && /^(name|version):/i.test(unended) && !headers.has("version")) {
    throw new Error(`is cut: the line ${quoted(unended)} has no end`);
  }
  return {
    name: normalisedName(only(headers, "Name", NAME)),
    version: only(headers, "Version", VERSION),
  };
}

function only(headers: ReadonlyMap<string, string[]>, name: string, form: RegExp): string {
  const values = headers.get(name.toLowerCase()) ?? [];
  const value = values[0]?.trim();
  if (value === undefined || value === "") {
    throw new Error(`has no ${name}`);
  }
  if (values.length > 1) {
    throw new Error(`has ${name} twice`);
  }
  if (!form.test(value)) {
    throw new Error(`has an impossible ${name}: ${quoted(value)}`);
  }
  return value;
}
