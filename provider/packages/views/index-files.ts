export interface IndexFile {
  /** Its name, in the form of a wheel (PEP 427) or an sdist (PEP 625). */
  name: string;
  url: string;
  /** In hex. */
  sha256: string;
}

/** A URL without its credentials and without its fragment. */
function publicUrl(url: URL): string {
  const plain = new URL(url);
  plain.username = "";
  plain.password = "";
  plain.hash = "";
  return plain.href;
}

function fileName(url: URL): string {
  const last = url.pathname.split("/").at(-1) ?? "";
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

function fileAt(href: string, base: string, sha256: string | undefined): IndexFile[] {
  if (sha256 === undefined || !/^[0-9a-f]{64}$/i.test(sha256) || !URL.canParse(href, base)) return [];
  const url = new URL(href, base);
  return [{ name: fileName(url), url: publicUrl(url), sha256: sha256.toLowerCase() }];
}

/**
 * The files on a project's page of an index: JSON (PEP 691) or HTML (PEP 503). A file without a sha256 is left out,
 * because a pylock must give a hash for each file.
 *
 * @param base the page's own URL, to which its links are relative
 */
export function indexFiles(body: string, base: string): IndexFile[] {
  if (body.trimStart().startsWith("{")) {
    const { files = [] } = JSON.parse(body) as {
      files?: { url?: unknown; hashes?: { sha256?: unknown } }[];
    };
    return files.flatMap(({ url, hashes }) =>
      typeof url === "string" && typeof hashes?.sha256 === "string" ? fileAt(url, base, hashes.sha256) : [],
    );
  }
  return linksOf(body).flatMap((link) => {
    const href = link.replaceAll("&amp;", "&");
    return fileAt(href, base, /#(?:[^#]*&)?sha256=([0-9a-f]{64})/i.exec(href)?.[1]);
  });
}

/** The addresses of all links in a page. Each tag is looked at once, up to its end. */
function linksOf(page: string): string[] {
  const links: string[] = [];
  const tag = /<a\s/gi;
  while (tag.exec(page) !== null) {
    const end = page.indexOf(">", tag.lastIndex);
    if (end === -1) break;
    const href = /href\s*=\s*(["'])/i.exec(page.slice(tag.lastIndex, end));
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

/** Makes versions equal that differ only in their separators, as they do in file names. */
const plainVersion = (version: string): string => version.toLowerCase().replace(/[-_+]/g, ".");

/** The files of one version. In a wheel's name the version is the second part, in an sdist's the last. */
export function filesOfVersion(
  files: readonly IndexFile[],
  version: string,
): { wheels: IndexFile[]; sdist: IndexFile | null } {
  const wanted = plainVersion(version);
  const of = (text: string | undefined): boolean => text !== undefined && plainVersion(text) === wanted;
  const isWheel = ({ name }: IndexFile): boolean => name.endsWith(".whl");
  const sdistVersion = ({ name }: IndexFile): string | undefined =>
    /^.+-([^-]+)\.(?:tar\.gz|zip)$/.exec(name)?.[1];
  return {
    wheels: files.filter((file) => isWheel(file) && of(file.name.split("-")[1])),
    sdist: files.find((file) => !isWheel(file) && of(sdistVersion(file))) ?? null,
  };
}
