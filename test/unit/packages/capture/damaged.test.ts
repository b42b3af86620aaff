import assert from "node:assert/strict";
import { osReleaseDetector } from "../../../../provider/packages/capture/os-release-detector";
import { track } from "../../../../provider/packages/capture/tracker";
import { fileTree } from "../../../../provider/packages/capture/tree/file-tree";
import { each } from "../../../support/each";
import { table } from "../../../support/table";
import { answerOf, type Content, type Files, filesOf, notUtf8 } from "./archive-builder";
import { PIPE, problemsOf, symlink } from "./archive-builder";
import { entry } from "./database-file";

const SITE = "usr/lib/python3/site-packages";
const METADATA = "Metadata-Version: 2.1\nName: six\nVersion: 1.16.0\n";

describe("a directory in the place of a package database", () => {
  table("is no database, and the system decides: %s")`
    dpkg doubts ¦ var/lib/dpkg/; var/lib/dpkg/status/ ¦ ^dpkg can't
    rpm doubts on Fedora ¦ etc/os-release: ID=fedora\n; var/lib/rpm/rpmdb.sqlite/ ¦ ^rpm can't
    apk doubts on Alpine ¦ etc/os-release: ID=alpine\n; lib/apk/db/installed/ ¦ ^apk can't
    apk doubts on Wolfi ¦ etc/os-release: ID=wolfi\n; lib/apk/db/installed/ ¦ ^apk can't
    python doubts ¦ ${SITE}/six-1.dist-info/; ${SITE}/six-1.dist-info/METADATA/ ¦ ^python can't
    npm knows that it is none ¦ app/node_modules/a/package.json/ ¦ ^$
  `(async (_, files, expected) => assert.match(await problemsOf(filesOf(files)), new RegExp(expected)));
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
  const BROKEN = filesOf(
    `resolve has npm:resolve@1.0.0; resolve/test/node_modules/broken/package.json: {;
    resolve/test/broken/package.json: ; .bin/package.json: {; .cache/x/package.json: {`,
    "app/node_modules/",
  );
  const AUTHOR = {
    "app/node_modules/a/package.json": notUtf8('{"name":"a","version":"1.0.0","author":"', '"}'),
    [`${SITE}/a-1.dist-info/METADATA`]: notUtf8(`${METADATA}Author: `, "\n"),
  };
  each<readonly [string, Files]>("passes: %s", [
    [
      "a status file by hand, without the empty line at its end",
      { "var/lib/dpkg/status": "Package: a\nStatus: install ok installed\nVersion: 1\n" },
    ],
    [
      "packages of which only configuration is left, and leftovers of dpkg",
      {
        ...filesOf("status has dpkg:dpkg@1.21, dpkg:gone@1 gone; status-old: cut", "var/lib/dpkg/"),
        ...filesOf("status.dpkg-new: cut; status.d/a.md5sums: cut", "var/lib/dpkg/"),
        "etc/apt/sources.list.d/x.list.dpkg-new": notUtf8(""),
      },
    ],
    ["an apk database by hand", { "lib/apk/db/installed": "P:a\nV:1\n" }],
    [
      "a broken package.json in the tests of a package, and one that is npm's own business",
      { ...BROKEN, "app/test/package.json": "{" },
    ],
    ["an author in another encoding", AUTHOR],
    ["a lock of a project without node_modules", { "app/package-lock.json": "{" }],
    [
      "metadata in somebody's test data, and in a vendored copy",
      {
        "app/tests/data/broken-1.0.dist-info/METADATA": "no header",
        ...filesOf("pip/_vendor/x-1.dist-info/METADATA: ; pip/_vendor/y-1.dist-info/", `${SITE}/`),
        ...filesOf(`${SITE}/~ix-1.dist-info/METADATA: ; app/pkg.egg-info/PKG-INFO: `),
      },
    ],
    [
      "apt sources that are switched off, dangle, or have a comment in another encoding",
      {
        "etc/apt/sources.list": notUtf8("# ", "\ndeb http://x.test/ stable main\n"),
        ...filesOf("off.list -> /dev/null; broken.sources: Types deb\n", "etc/apt/sources.list.d/"),
        "etc/apt/sources.list.d/gone.sources": symlink("/mnt/gone.sources"),
      },
    ],
    [
      "os-release with lines that are none",
      { "etc/os-release": notUtf8("ID=arch\nPRETTY_NAME=", "\nnonsense\n") },
    ],
    [
      "a prefix's history and a gem's own fixtures",
      filesOf(
        `opt/conda/conda-meta/history: cut; var/gems has gem:a@1.0;
        var/gems/gems/a-1.0/test/specifications/b-1.gemspec: broken`,
      ),
    ],
  ])(async (_, files) => assert.equal(await problemsOf(files), ""));

  it("and the packages beside it are all there", async () =>
    assert.deepEqual(await answerOf("npm", BROKEN, AUTHOR), [
      "found 2",
      "npm:a@1.0.0 in /app/node_modules",
      "npm:resolve@1.0.0 in /app/node_modules",
      `pip:six@1.16.0 in /${SITE}`,
    ]));
});
