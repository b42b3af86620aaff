import { decodeUtf8 } from "../deb822";
import { quoted } from "../errors";

export interface Gem {
  name: string;
  version: string;
  /** `ruby` for a gem that runs on every platform. */
  platform: string;
}

const NAME = /^[A-Za-z0-9._-]{1,256}$/;
/** The form that Gem::Version accepts, without the blanks around it. */
const VERSION = /^[0-9]+(?:\.[0-9A-Za-z]+)*(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;
const PLATFORM = /^[A-Za-z0-9._-]{1,128}$/;

const BLOCK = /^[ \t]*Gem::Specification\.new\b.*\|[ \t]*([a-z_]\w{0,30})[ \t]*\|/m;
/** Longest assignment that is read, in characters. */
const LONGEST = 1000;

/** A Ruby string without interpolation, with or without `.freeze`, alone or in `Gem::Version.new(...)`. */
const LITERAL =
  /^(?:Gem::Version\.new\(\s*)?(?:"([^"\\#]*)"|'([^'\\]*)'|%q\{([^{}\\]*)\}|%q<([^<>\\]*)>)(?:\.freeze)?(?:\s*\))?\s*(?:#.*)?$/;

/**
 * Reads an installed specification. It is Ruby, but always in the form that RubyGems writes, so nothing is evaluated.
 * Its first lines contain `# stub: <name> <version> <platform> ...`. Assignments such as `s.name = "..."` follow. If
 * the version is not a literal, it is taken from the file's name, provided that the rest of the name agrees.
 *
 * @param base the file's name without `.gemspec`; it must agree with the file's content
 * @throws {Error} when name or version can't be read, is impossible, or contradicts the other places, when the file is
 *   cut, and for bytes that are not UTF-8
 */
export function parseGemspec(content: Buffer, base: string): Gem {
  const text = decodeUtf8(content);
  const lines = text.split(/\r?\n/);
  const variable = BLOCK.exec(text)?.[1];
  if (variable === undefined) {
    throw new Error("is no gem specification: it has no 'Gem::Specification.new do |s|'");
  }
  if (!/(?:^|\n)(?:end|\})\s*$/.test(text)) {
    throw new Error("is cut: it does not close with 'end'");
  }
  const stub = /^# stub: (\S+) (\S+) (\S+)/.exec(
    lines.slice(0, 4).find((line) => line.startsWith("# stub: ")) ?? "",
  );
  const name = agreed("name", [stub?.[1], assigned(lines, variable, "name")], NAME);
  const version = agreed("version", [stub?.[2], assigned(lines, variable, "version")], VERSION);
  const platform = agreed("platform", [stub?.[3] ?? assigned(lines, variable, "platform")], PLATFORM);
  if (name === undefined) {
    throw new Error("has no name that can be read");
  }
  const gem = { name, version: version ?? named(base, name, platform), platform: platform ?? "ruby" };
  if (fullName(gem) !== base) {
    throw new Error(`contradicts its own name: it says ${quoted(fullName(gem))}`);
  }
  return gem;
}

/** The name of a gem's files: `<name>-<version>`, then `-<platform>` if it is not `ruby`. */
function fullName({ name, version, platform }: Gem): string {
  return `${name}-${version}${platform === "ruby" ? "" : `-${platform}`}`;
}

/** The literal that is assigned to a field; undefined if there is none. */
function assigned(lines: readonly string[], variable: string, field: string): string | undefined {
  const start = new RegExp(`^\\s*${variable}\\.${field}\\s*=(?!=)\\s*`);
  const values = lines.flatMap((line) => {
    const match = start.exec(line);
    return match === null ? [] : [line.slice(match[0].length).trim()];
  });
  if (values.length > 1) {
    throw new Error(`has its ${field} ${values.length} times`);
  }
  const [value = ""] = values;
  const literal = value.length > LONGEST ? null : LITERAL.exec(value);
  return literal?.slice(1).find((text) => text !== undefined);
}

/** The value on which all that know one agree; undefined if nobody knows one. */
function agreed(field: string, values: (string | undefined)[], form: RegExp): string | undefined {
  const known = values.filter((value) => value !== undefined);
  const [value] = known;
  const other = known.find((one) => one !== value);
  if (other !== undefined) {
    throw new Error(`contradicts itself: its ${field} is ${quoted(value!)} and ${quoted(other)}`);
  }
  if (value !== undefined && !form.test(value)) {
    throw new Error(`has an impossible ${field}: ${quoted(value)}`);
  }
  return value;
}

/** The version between name and platform in the file's name. */
function named(base: string, name: string, platform = "ruby"): string {
  const end = platform === "ruby" ? "" : `-${platform}`;
  const version = base.slice(name.length + 1, base.length - end.length);
  if (!base.startsWith(`${name}-`) || !base.endsWith(end) || !VERSION.test(version)) {
    throw new Error("has no version that can be read, and its file's name has none either");
  }
  return version;
}
