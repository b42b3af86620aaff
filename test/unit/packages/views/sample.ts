import { makeLock } from "../../../../provider/packages/lock/make";
import type { Lock } from "../../../../provider/packages/lock/types";
import type { Subject } from "../../../../provider/packages/views/subject";
import { packagesOf } from "../in-short";

const HEX = "a1".repeat(32);

/** A lock with something of everything that a view has to say. */
export function sampleLock(): Lock {
  const site = "/opt/venv/lib/python3.11/site-packages";
  return makeLock({
    bases: [{ reference: "debian:bookworm-slim", digest: `sha256:${HEX}` }],
    packages: packagesOf(
      "dpkg:libstdc++6@1:12.2.0-14+deb12u1",
      "dpkg:libc6:i386@2.36-9",
      `pip:idna@3.10 in ${site}`,
      `pip:six@1.17.0 in ${site}`,
      `npm:@scope/left-pad@1.3.0 in /app/node_modules #sha512-${Buffer.alloc(64, 7).toString("base64")}`,
      "npm:twice@1.0.0 in /app/node_modules",
      "npm:twice@1.0.0 in /app/node_modules/a/node_modules",
      "gem:nokogiri@1.16.0-x86_64-linux",
      `conda:python@3.11.5-h955ad1f_0 #sha256:${HEX}`,
      "dpkg:gcc@4:12.2.0-3 of builder",
    ),
    sources: [{ ecosystem: "dpkg", entry: "deb http://archive.example/debian bookworm main" }],
    unpinned: [{ line: 4, kind: "download", text: "curl x | sh", reason: "it can't be pinned" }],
  });
}

/** A lock of an image without packages, whose files were compared. */
export function fileLock(): Lock {
  return makeLock({
    bases: [],
    packages: [
      { ecosystem: "file", name: "/app/odd name\u{7}", version: `sha256:${HEX} 0644` },
      { ecosystem: "file", name: "/bin/sh", version: "symlink busybox" },
    ],
    sources: [],
    unpinned: [],
  });
}

export function sampleSubject(): Subject {
  return {
    name: "web-app",
    timestamp: "20261121T165751089Z",
    imageId: `sha256:${HEX}`,
    lockHash: `sha256:${"b2".repeat(32)}`,
    revision: "c3".repeat(20),
    tool: { name: "pulumi-verified-images", version: "0.1.0" },
  };
}
