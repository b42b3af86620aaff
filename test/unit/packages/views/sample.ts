import { makeLock } from "../../../../provider/packages/lock/make";
import type { Lock } from "../../../../provider/packages/lock/types";
import type { Subject } from "../../../../provider/packages/views/subject";

const HEX = "a1".repeat(32);

/** A lock with something of everything that a view has to say. */
export function sampleLock(): Lock {
  const site = "/opt/venv/lib/python3.11/site-packages";
  return makeLock({
    bases: [{ reference: "debian:bookworm-slim", digest: `sha256:${HEX}` }],
    packages: [
      { ecosystem: "dpkg", name: "libstdc++6", version: "1:12.2.0-14+deb12u1" },
      { ecosystem: "dpkg", name: "libc6", version: "2.36-9", arch: "i386" },
      { ecosystem: "pip", name: "idna", version: "3.10", root: site },
      { ecosystem: "pip", name: "six", version: "1.17.0", root: site },
      {
        ecosystem: "npm",
        name: "@scope/left-pad",
        version: "1.3.0",
        root: "/app/node_modules",
        hash: `sha512-${Buffer.alloc(64, 7).toString("base64")}`,
      },
      { ecosystem: "npm", name: "twice", version: "1.0.0", root: "/app/node_modules" },
      { ecosystem: "npm", name: "twice", version: "1.0.0", root: "/app/node_modules/a/node_modules" },
      { ecosystem: "gem", name: "nokogiri", version: "1.16.0-x86_64-linux" },
      { ecosystem: "conda", name: "python", version: "3.11.5-h955ad1f_0", hash: `sha256:${HEX}` },
      { ecosystem: "dpkg", name: "gcc", version: "4:12.2.0-3", stage: "builder" },
    ],
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
