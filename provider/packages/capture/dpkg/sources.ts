import { hideCredentials } from "../../../base/words/credentials";
import { deb822Stanzas } from "../deb822";

/** User and password in a URL: everything between the scheme and `@`. The scheme's last character is enough to know it. */
const CREDENTIALS = /(?<=[a-z0-9+.-]:\/\/)[^\s/\]]*@/gi;
const ONE_LINE = /^(deb|deb-src) (\[[^\]]*\] )?[a-z][a-z0-9+.-]*:\S+( \S+)+$/i;
/** The words that apt reads as no. */
const NO: ReadonlySet<string> = new Set(["no", "false", "without", "off", "disable", "0"]);

/**
 * The active entries of a source list in one-line style (sources.list(5)). Blanks are normalised; comments and
 * credentials are removed. A line that is no entry is left out.
 */
export function parseSourcesList(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => withoutCredentials(uncomment(line).trim().replace(/\s+/g, " ")))
    .filter((line) => ONE_LINE.test(line));
}

/**
 * The active entries of a source list in deb822 style (sources.list(5)), written in one-line form. There is one for
 * each type, URI and suite: `deb <uri> <suite> <components>`. A stanza that can't be read is left out.
 */
export function parseDeb822Sources(text: string): string[] {
  return text
    .replace(/\r\n/g, "\n")
    .split(/\n[ \t]*\n/)
    .flatMap((part) => {
      try {
        return [...deb822Stanzas(part)].flatMap(stanzaEntries);
      } catch {
        return []; // a source is only information: what is installed is judged by the packages
      }
    });
}

function stanzaEntries(stanza: ReadonlyMap<string, string>): string[] {
  const words = (field: string): string[] =>
    (stanza.get(field) ?? "").split(/\s+/).filter((word) => word !== "");
  if (NO.has((stanza.get("enabled") ?? "yes").trim().toLowerCase())) {
    return [];
  }
  return words("types").flatMap((type) =>
    words("uris").flatMap((uri) =>
      words("suites")
        .map((suite) => withoutCredentials([type, uri, suite, ...words("components")].join(" ")))
        .filter((entry) => ONE_LINE.test(entry)),
    ),
  );
}

function withoutCredentials(entry: string): string {
  return hideCredentials(entry.replace(CREDENTIALS, ""));
}

/** Removes a comment. A `#` inside `[options]` begins none. */
function uncomment(line: string): string {
  let inOptions = false;
  for (let at = 0; at < line.length; at += 1) {
    if (line[at] === "#" && !inOptions) {
      return line.slice(0, at);
    }
    inOptions = line[at] === "[" || (inOptions && line[at] !== "]");
  }
  return line;
}
