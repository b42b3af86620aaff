import assert from "node:assert/strict";
import { osReleaseDetector } from "../../../../provider/packages/capture/os-release-detector";
import { track } from "../../../../provider/packages/capture/tracker";
import { fileTree } from "../../../../provider/packages/capture/tree/file-tree";
import {
  answerOf,
  type Content,
  DIRECTORY,
  type Files,
  gem,
  notUtf8,
  npm,
  PIPE,
  problemsOf,
  rpmDatabase,
  stanza,
  symlink,
} from "./archive-builder";
import { each } from "../../../support/each";
import { entry } from "./database-file";

const SITE = "usr/lib/python3/site-packages";
const METADATA = "Metadata-Version: 2.1\nName: six\nVersion: 1.16.0\n";

describe("a directory in the place of a package database", () => {
  const RPM = { "etc/os-release": "ID=fedora\n", "var/lib/rpm/rpmdb.sqlite": DIRECTORY };
  const apk = (id: string): Files => ({ "etc/os-release": `ID=${id}\n`, "lib/apk/db/installed": DIRECTORY });
  const PYTHON = { [`${SITE}/six-1.dist-info`]: DIRECTORY, [`${SITE}/six-1.dist-info/METADATA`]: DIRECTORY };
  each("is no database, and the system decides: %s", [
    ["dpkg doubts", { "var/lib/dpkg": DIRECTORY, "var/lib/dpkg/status": DIRECTORY }, /^dpkg can't/],
    ["rpm doubts on Fedora", RPM, /^rpm can't/],
    ["apk doubts on Alpine", apk("alpine"), /^apk can't/],
    ["apk doubts on Wolfi", apk("wolfi"), /^apk can't/],
    ["python doubts", PYTHON, /^python can't/],
    ["npm knows that it is none", { "app/node_modules/a/package.json": DIRECTORY }, /^$/],
  ])(async (_, files, expected) => assert.match(await problemsOf(files), expected));
});

describe("an os-release that can't be read", () => {
  it("fails by name", async () => {
    const at = (content: Content): Promise<string> => problemsOf({ "etc/os-release": content });
    assert.match(await at(symlink("/nowhere")), /^os-release can't.*"\/etc\/os-release"/);
    assert.match(await at(PIPE), /^os-release can't/);
    const tracker = track(osReleaseDetector);
    tracker.see(entry("/etc/os-release", 2 ** 21));
    assert.equal(tracker.conclude({ osRelease: null, tree: fileTree() }).state.state, "error");
  });

  it("lets an empty dpkg be doubted where it says nothing, or is not there", async () => {
    const status = { "var/lib/dpkg/status": "" };
    for (const content of ["", Buffer.from([0xff, 0, 0x0a])]) {
      assert.match(await problemsOf({ "etc/os-release": content }, status), /^dpkg can't/);
    }
    assert.match(await problemsOf(status), /^dpkg can't/);
  });
});

describe("what looks damaged in real images and is none", () => {
  const LEGAL: Record<string, Files> = {
    "a status file by hand, without the empty line at its end": {
      "var/lib/dpkg/status": "Package: a\nStatus: install ok installed\nVersion: 1\n",
    },
    "packages of which only configuration is left, and leftovers of dpkg": {
      "var/lib/dpkg/status":
        stanza("dpkg", "1.21") + stanza("gone", "1", "amd64", "deinstall ok config-files"),
      "var/lib/dpkg/status-old": "cut",
      "var/lib/dpkg/status.dpkg-new": "cut",
      "var/lib/dpkg/status.d/a.md5sums": "cut",
      "etc/apt/sources.list.d/x.list.dpkg-new": notUtf8(""),
    },
    "an apk database by hand": { "lib/apk/db/installed": "P:a\nV:1\n" },
    "a broken package.json in the tests of a package, and one that is npm's own business": {
      ...npm("app/node_modules/resolve"),
      "app/node_modules/resolve/test/node_modules/broken/package.json": "{",
      "app/node_modules/resolve/test/broken/package.json": "",
      "app/node_modules/.bin/package.json": "{",
      "app/node_modules/.cache/x/package.json": "{",
      "app/test/package.json": "{",
    },
    "an author in another encoding": {
      "app/node_modules/a/package.json": notUtf8('{"name":"a","version":"1.0.0","author":"', '"}'),
      "usr/lib/python3/site-packages/a-1.dist-info/METADATA": notUtf8(`${METADATA}Author: `, "\n"),
    },
    "a lock of a project without node_modules": { "app/package-lock.json": "{" },
    "metadata in somebody's test data, and in a vendored copy": {
      "app/tests/data/broken-1.0.dist-info/METADATA": "no header",
      "usr/lib/python3/site-packages/pip/_vendor/x-1.dist-info/METADATA": "",
      "usr/lib/python3/site-packages/pip/_vendor/y-1.dist-info": DIRECTORY,
      "usr/lib/python3/site-packages/~ix-1.dist-info/METADATA": "",
      "app/pkg.egg-info/PKG-INFO": "",
    },
    "apt sources that are switched off, dangle, or have a comment in another encoding": {
      "etc/apt/sources.list": notUtf8("# ", "\ndeb http://x.test/ stable main\n"),
      "etc/apt/sources.list.d/off.list": symlink("/dev/null"),
      "etc/apt/sources.list.d/gone.sources": symlink("/mnt/gone.sources"),
      "etc/apt/sources.list.d/broken.sources": "Types deb\n",
    },
    "os-release with lines that are none": {
      "etc/os-release": notUtf8("ID=arch\nPRETTY_NAME=", "\nnonsense\n"),
    },
    "a prefix's history and a gem's own fixtures": {
      "opt/conda/conda-meta/history": "cut",
      ...gem("var/gems", "a", "1.0"),
      "var/gems/gems/a-1.0/test/specifications/b-1.gemspec": "broken",
    },
    "an rpm log that is empty": {
      "var/lib/rpm/rpmdb.sqlite": rpmDatabase("rpmdb.sqlite"),
      "var/lib/rpm/rpmdb.sqlite-wal": "",
    },
  };
  for (const [what, files] of Object.entries(LEGAL)) {
    it(`passes: ${what}`, async () => assert.equal(await problemsOf(files), ""));
  }

  it("and the packages beside it are all there", async () => {
    const [, , , ...parts] = Object.values(LEGAL);
    assert.deepEqual(await answerOf("npm", ...parts.slice(0, 4)), [
      "found 2",
      "npm:a@1.0.0 in /app/node_modules",
      "npm:resolve@1.0.0 in /app/node_modules",
      "pip:six@1.16.0 in /usr/lib/python3/site-packages",
    ]);
  });
});
