import type { Archive, Published } from "./archive";
import { startArchiveHost, type ArchiveOptions, type ArchiveReply } from "./archive-host";
import { archiveOf, createShelf, sha256 } from "./versions";
import { buildWheel, normalisedName, wheelFile, type PipSpec } from "./wheel";

export type { PipSpec } from "./wheel";

interface Wheel extends Published {
  bytes: Buffer;
}

// PEP 508 names; PEP 440 versions in their normal form.
const NAME = /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/;
const VERSION = /^(\d+!)?\d+(\.\d+)*((a|b|rc)\d+)?(\.post\d+)?(\.dev\d+)?$/;

/**
 * A simple repository (PEP 503) that serves wheels. In a recipe: `RUN pip install <sourceLine> name`.
 * Names are compared normalised, in `withdraw` and `onceDownloaded` too.
 */
export async function startPipIndex(options?: ArchiveOptions): Promise<Archive<PipSpec>> {
  const shelf = createShelf<Wheel>();

  function answer(path: string): ArchiveReply | null {
    if (path === "/simple/") return page(shelf.names().map((name) => [`/simple/${name}/`, name]));
    const project = /^\/simple\/([a-z0-9-]+)\/$/.exec(path)?.[1];
    if (project !== undefined) {
      const wheels = shelf.of(project);
      return wheels.length === 0
        ? null
        : page(wheels.map((wheel) => [`/files/${wheel.file}#sha256=${wheel.sha256}`, wheel.file]));
    }
    const wheel = shelf.file(path.replace(/^\/files\//, ""));
    return wheel && { body: wheel.bytes, contentType: "application/octet-stream", artifact: wheel };
  }

  const host = await startArchiveHost(answer, options);
  return archiveOf<PipSpec, Wheel>(host, shelf, {
    sourceLine: `--index-url ${host.url}/simple/ --trusted-host ${host.address}`,
    name: NAME,
    version: VERSION,
    make(spec) {
      const bytes = buildWheel(spec);
      const [name, file] = [normalisedName(spec.name), wheelFile(spec)];
      return Promise.resolve({ name, version: spec.version, file, sha256: sha256(bytes), bytes });
    },
    normalised: normalisedName,
  });
}

function page(links: readonly (readonly [string, string])[]): ArchiveReply {
  const anchors = links.map(([href, text]) => `<a href="${href}">${text}</a><br>\n`).join("");
  return {
    body: `<!DOCTYPE html><html><body>\n${anchors}</body></html>\n`,
    contentType: "text/html; charset=utf-8",
  };
}
