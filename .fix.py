import re
def sub(f, *pairs):
    p='provider/'+f; s=open(p).read()
    for a,b in pairs:
        assert s.count(a)==1, (f,a,s.count(a))
        s=s.replace(a,b)
    open(p,'w').write(s)
def imp(f, line):
    p='provider/'+f; s=open(p).read()
    # after last import
    idx=[m.end() for m in re.finditer(r'^(?:import [^;]*;)\n', s, re.M)]
    at=idx[-1] if idx else 0
    s=s[:at]+line+'\n'+('' if idx else '\n')+s[at:]
    open(p,'w').write(s)
sub('base/errors/message.ts',(r'''  return text.replace(/\s*\n\s*/g, " ");''','''  const lines = text.split("\\n");
  const last = lines.length - 1;
  return lines
    .map((line, at) => (at === 0 ? line : line.trimStart()))
    .map((line, at) => (at === last ? line : line.trimEnd()))
    .filter((line, at) => line !== "" || at === 0 || at === last)
    .join(" ");'''))
sub('base/git/remote.ts',('''  const parts = (path ?? "")
    .replace(/^\\/+|\\/+$/g, "")
    .replace(/\\.git$/, "")
    .split("/");''','''  const parts = withoutEnd(path ?? "", "/")
    .replace(/^\\/+/, "")
    .replace(/\\.git$/, "")
    .split("/");'''))
imp('base/git/remote.ts','import { withoutEnd } from "../words/cut";')
sub('base/ssh/failure.ts',('''where.replace(/^ssh:\\/\\//, "").replace(/\\/.*$/, "")''','''before(where.replace(/^ssh:\\/\\//, ""), "/")'''))
imp('base/ssh/failure.ts','import { before } from "../words/cut";')
sub('build/roundtrip/judge-pip.ts',(r'''\(from (\S+)\).*, version: (\S+)$/''',r'''\(from (\S+)\)(?:\s.*)?, version: (\S+)$/'''),(r'|\w+TimeoutError|ProxyError|SSLError)\(/',r'|\wTimeoutError|ProxyError|SSLError)\(/'))
sub('build/roundtrip/unreachable.ts',(r'|\w+TimeoutError|',r'|\wTimeoutError|'))
sub('build/roundtrip/outside-lock.ts',('''/** How apt reports a package that the pins forbid. */
const REFUSED = [
  /E: Package '?([^'\\s]+)'? has no installation candidate/g,
  /(?:Depends|PreDepends|Recommends): (\\S+)[^\\n]* but it is not (?:installable|going to be installed)/g,
];
''','''/** How apt reports a package that the pins forbid. */
const REFUSED = /E: Package '?([^'\\s]+)'? has no installation candidate/g;
/** How it reports one that needs such a package: the end of the line, and before it the package's name. */
const MISSED = [" but it is not installable", " but it is not going to be installed"];
const NEEDED = /(?:Depends|Recommends): (\\S+)/;
'''),('''  const asked = REFUSED.flatMap((sign) => [...log.matchAll(sign)].map((match) => match[1] ?? ""));
''','''  const asked = [...[...log.matchAll(REFUSED)].map((match) => match[1] ?? ""), ...log.split("\\n").map(needed)];
'''),('''/**
 * Debian and npm packages that a failed''','''/** The package that a line names as needed and missed; empty if it names none. */
function needed(line: string): string {
  const end = Math.max(...MISSED.map((words) => line.lastIndexOf(words)));
  return end === -1 ? "" : (NEEDED.exec(line.slice(0, end))?.[1] ?? "");
}

/**
 * Debian and npm packages that a failed'''))
sub('engines/ancestry.ts',('''(/[:@][^/]*$/.test(name) ?''','''(/[:@]/.test(name.slice(name.lastIndexOf("/") + 1)) ?'''))
sub('engines/registry/docker-credentials.ts',('''key.replace(/^https?:\\/\\//, "").replace(/\\/.*$/, "")''','''before(key.replace(/^https?:\\/\\//, ""), "/")'''))
imp('engines/registry/docker-credentials.ts','import { before } from "../../base/words/cut";')
sub('engines/registry/skopeo.ts',('''name.replace(/@.*$/, "").replace(/:[^:/]*$/, "")''','''before(name, "@").replace(/:[^:/]*$/, "")'''))
imp('engines/registry/skopeo.ts','import { before } from "../../base/words/cut";')
sub('promote/gate/named-base.ts',('''${name.replace(/@.*$/, "")}@''','''${before(name, "@")}@'''))
imp('promote/gate/named-base.ts','import { before } from "../../base/words/cut";')
sub('engines/registry/explain.ts',('''/** A URL with a query, which may contain a signature or a token. */
const QUERY = /(\\b[a-z][a-z0-9+.-]*:\\/\\/[^\\s"'?]*)\\?[^\\s"']*/gi;''','''/** What follows a URL's scheme. A query may contain a signature or a token. */
const ADDRESS = /(?<=[a-z0-9+.-]):\\/\\/[^\\s"']*/gi;'''),('''      .replace(QUERY, "$1?***")''','''      .replace(ADDRESS, (address) => (address.includes("?") ? `${before(address, "?")}?***` : address))'''))
imp('engines/registry/explain.ts','import { before } from "../../base/words/cut";')
sub('inputs/name.ts',('''  return name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/[._-]{2,}/g, "-")
    .replace(/^[._-]+|[._-]+$/g, "");''','''  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/[._-]{2,}/g, "-")
    .replace(/^[._-]+/, "");
  return withoutEnd(plain, "._-");'''))
s=open('provider/inputs/name.ts').read(); open('provider/inputs/name.ts','w').write('import { withoutEnd } from "../base/words/cut";\n\n'+s)
sub('packages/capture/deb822.ts',('''[!-9;-~]*)[ \\t]*:[ \\t]*([^]*)$/''','''[!-9;-~]*)[ \\t]*:[ \\t]*/'''),('''stanza.set(current, match[2]!.trimEnd());''','''stanza.set(current, line.slice(match[0].length).trimEnd());'''))
sub('packages/capture/dpkg/sources.ts',('''/** User and password in a URL: everything between the scheme and `@`. */
const CREDENTIALS = /([a-z][a-z0-9+.-]*:\\/\\/)[^\\s/\\]]*@/gi;''','''/** User and password in a URL: everything between the scheme and `@`. The scheme's last character is enough to know it. */
const CREDENTIALS = /(?<=[a-z0-9+.-]:\\/\\/)[^\\s/\\]]*@/gi;'''),('''entry.replace(CREDENTIALS, "$1")''','''entry.replace(CREDENTIALS, "")'''))
sub('packages/capture/rubygems/gemspec.ts',(r'''(?:\.freeze)?\s*\)?\s*(?:#.*)?$/''',r'''(?:\.freeze)?(?:\s*\))?\s*(?:#.*)?$/'''))
sub('packages/compare/version-key.ts',('''  const numbers = release
    .split(".")
    .map(plainNumber)
    .join(".")
    .replace(/(?:\\.0)+$/, "");
''','''  const all = release.split(".").map(plainNumber);
  const numbers = all.slice(0, Math.max(all.findLastIndex((number) => number !== "0"), 0) + 1).join(".");
'''),('''  return digits.replace(/^0+(?=\\d+$)/, "");''','''  return /^\\d+$/.test(digits) ? digits.replace(/^0+(?=\\d)/, "") : digits;'''))
sub('packages/views/index-files.ts',(r'''/#(?:.*&)?sha256=([0-9a-f]{64})/i''',r'''/#(?:[^#]*&)?sha256=([0-9a-f]{64})/i'''),('''  const links = [...body.matchAll(/<a\\s[^>]*?href\\s*=\\s*(?:"([^"]*)"|'([^']*)')/gi)];
  return links.flatMap(([, double, single]) => {
    const href = (double ?? single ?? "").replaceAll("&amp;", "&");
    return''','''  return linksOf(body).flatMap((link) => {
    const href = link.replaceAll("&amp;", "&");
    return'''),('''/** Makes versions equal''','''/** The addresses of all links in a page. Each tag is looked at once, up to its end. */
function linksOf(page: string): string[] {
  const links: string[] = [];
  const tag = /<a\\s/gi;
  while (tag.exec(page) !== null) {
    const end = page.indexOf(">", tag.lastIndex);
    if (end === -1) break;
    const href = /href\\s*=\\s*(["'])/i.exec(page.slice(tag.lastIndex, end));
    if (href?.[1] === undefined) {
      tag.lastIndex = end;
      continue;
    }
    const start = tag.lastIndex + href.index + href[0].length;
    const close = page.indexOf(href[1], start);
    if (close === -1) break;
    links.push(page.slice(start, close));
    tag.lastIndex = close;
  }
  return links;
}

/** Makes versions equal'''))
sub('pulumi/host/program-paths.ts',('''  const posix = path
    .split(sep)
    .join("/")
    .replace(/^(?:\\.\\/)+(?=.)/, "")
    .replace(/(?<=.)\\/+$/, "");
  return posix === "" ? "." : posix;''','''  const posix = path
    .split(sep)
    .join("/")
    .replace(/^(?:\\.\\/)+(?=.)/, "");
  const kept = posix.slice(0, 1) + withoutEnd(posix.slice(1), "/");
  return kept === "" ? "." : kept;'''))
imp('pulumi/host/program-paths.ts','import { withoutEnd } from "../../base/words/cut";')
sub('stage/worktree-path.ts',('''joined.replace(/\\/+$/, "")''','''withoutEnd(joined, "/")'''))
imp('stage/worktree-path.ts','import { withoutEnd } from "../base/words/cut";')
sub('stage/inputs/staging-shapes.ts',('|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*)$/','|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)$/'))
sub('recipe/dockerfile/heredoc-words.ts',(r'''/^\d*<<(-?)(\s*)([^<]*)$/''',r'''/^\d*<<(-?)(\s*)([^<\s][^<]*)?$/'''),('''unquote(match[3] as string)''','''unquote(match[3] ?? "")'''))
sub('recipe/dockerfile/shell-wrappers.ts',('(?:-[a-z]*i[a-z]*|','(?:-[a-hj-z]*i[a-z]*|'),('(?:-[a-zA-Z]*E[a-zA-Z]*|','(?:-[a-zA-DF-Z]*E[a-zA-Z]*|'))
sub('recipe/dockerfile/unpinned.ts',('/^-[a-z]*e[a-z]*$|','/^-[a-df-z]*e[a-z]*$|'),(r'(\s(?:-u\s*|--user[\s=]+))\S+:\S+',r'(\s(?:-u\s*|--user[\s=]+(?![\s=])))\S+:\S+'))
sub('recipe/dockerfile/unpinned/apt.ts',('(?:-[a-zA-Z]*i[a-zA-Z]*|','(?:-[a-hj-zA-Z]*i[a-zA-Z]*|'))
sub('recipe/dockerfile/unpinned/system-packages.ts',('(?:-[a-zA-Z]*[iUF][a-zA-Z]*|','(?:-[a-hj-zA-EG-TV-Z]*[iUF][a-zA-Z]*|'),('(?:-[a-zA-Z]*[qVe][a-zA-Z]*|','(?:-[a-df-pr-zA-UW-Z]*[qVe][a-zA-Z]*|'))
sub('recipe/dockerfile/unpinned/languages.ts',(r'/^\s*=?\s*(?:\d|\$)',r'/^\s*(?:=\s*)?(?:\d|\$)'))
sub('recipe/dockerfile/unpinned/downloads.ts',('''baseName(url.replace(/[?#].*$/, ""))''','''baseName(before(before(url, "?"), "#"))'''))
imp('recipe/dockerfile/unpinned/downloads.ts','import { before } from "../../../base/words/cut";')
sub('recipe/dockerfile/unpinned/inner-calls.ts',('''name.replace(/(.)@.*$/, "$1")''','''name.slice(0, 1) + before(name.slice(1), "@")'''))
imp('recipe/dockerfile/unpinned/inner-calls.ts','import { before } from "../../../base/words/cut";')
sub('recipe/dockerfile/unpinned/python.ts',('#(?:.*&)?sha','#(?:[^#]*&)?sha'))
sub('recipe/dockerfile/unpinned/patterns.ts',('''    .replace(/\\[(?![^\\]]+\\])/g, "\\\\[");''','''    .replace(/\\[/g, (sign, at: number, whole: string) => (whole.indexOf("]", at) > at + 1 ? sign : "\\\\["));'''))
sub('recipe/context/ignore-syntax.ts',('''  return pattern.replace(/\\\\.|\\[\\^?[^\\]]+\\]|[+(){}|^]/gsu, (found) =>
    found.length > 1 ? found : `\\\\${found}`,
  );''','''  let escaped = "";
  for (let at = 0; at < pattern.length;) {
    const end = pieceEnd(pattern, at);
    const piece = pattern.slice(at, end);
    escaped += SIGNS.has(piece) ? `\\\\${piece}` : piece;
    at = end;
  }
  return escaped;'''),('''/** The shortest form of a pattern,''','''/** Where the piece of a pattern ends that starts at an index: an escaped character, a set that is closed, one character. */
function pieceEnd(pattern: string, at: number): number {
  if (pattern[at] === "\\\\") return Math.min(at + 2, pattern.length);
  const close = pattern[at] === "[" ? pattern.indexOf("]", at + 1) : -1;
  return close > at + 1 ? close + 1 : at + 1;
}

/** The shortest form of a pattern,'''),('''/**
 * Puts a backslash before signs''','''/** What means something in a regular expression, and nothing in a pattern. */
const SIGNS: ReadonlySet<string> = new Set("+(){}|^");

/**
 * Puts a backslash before signs'''))
