import assert from "node:assert/strict";
import { MAX_HOPS } from "../../../../provider/packages/capture/tree/file-tree";
import { each } from "../../../support/each";
import {
  answerOf,
  captureOf,
  DIRECTORY,
  type Files,
  gem,
  hardLink,
  npm,
  problemsOf,
  rpmDatabase,
  stanza,
  symlink,
} from "./archive-builder";

const APP = "app/node_modules";
const IN_APP = "in /app/node_modules";
const DEBIAN = { "etc/os-release": "ID=debian\n" };
const STATUS = "var/lib/dpkg/status";
const BASH = stanza("bash", "5.2");
const APK = "P:musl\nV:1.2.5-r0\n\n";
const CONDA = '{"name":"a","version":"1","build":"0"}';

/** Links `a0 -> a1 -> ... -> a<count - 1> -> end`. */
const chain = (count: number, end: string): Files =>
  Object.fromEntries(
    Array.from({ length: count }, (_, n) => [`a${n}`, symlink(n + 1 < count ? `a${n + 1}` : end)]),
  );

const FOUND: readonly (readonly [
  how: string,
  detector: string,
  files: Files,
  packages: readonly string[],
])[] = [
  [
    "node_modules",
    "npm",
    { [APP]: symlink("/opt/deps"), ...npm("opt/deps/x", "1.0.0", "x") },
    ["npm:x@1.0.0 in /opt/deps"],
  ],
  [
    "a node_modules that is scoped, and nested in another package",
    "npm",
    {
      ...npm("opt/deps/@s/x", "1.0.0", "@s/x"),
      ...npm("opt/deps/x/node_modules/y"),
      [APP]: symlink("../opt/deps"),
    },
    ["npm:@s/x@1.0.0 in /opt/deps", "npm:y@1.0.0 in /opt/deps/x/node_modules"],
  ],
  [
    "two node_modules to one folder, which counts once",
    "npm",
    {
      "a/node_modules": symlink("/opt/deps"),
      ...npm("opt/deps/x", "1.0.0", "x"),
      "b/node_modules": symlink("/opt/deps"),
    },
    ["npm:x@1.0.0 in /opt/deps"],
  ],
  [
    "a package, as npm links a folder",
    "npm",
    {
      [`${APP}/x`]: symlink("../../src/x"),
      ...npm("src/x", "1.0.0", "x"),
      ...npm("src/x/lib", "0.0.1", "no"),
    },
    [`npm:x@1.0.0 ${IN_APP}`],
  ],
  [
    "a scope",
    "npm",
    { [`${APP}/@s`]: symlink("/s"), ...npm("s/x", "1.0.0", "@s/x") },
    [`npm:@s/x@1.0.0 ${IN_APP}`],
  ],
  [
    "a package in a node_modules that is one too",
    "npm",
    { [APP]: symlink("/opt/deps"), "opt/deps/x": symlink("/src/x"), ...npm("src/x", "1.0.0", "x") },
    ["npm:x@1.0.0 in /opt/deps"],
  ],
  [
    "a folder of links that lead back to themselves",
    "npm",
    {
      [`${APP}/self`]: symlink(".."),
      "app/again": symlink("."),
      ...npm(`${APP}/x`),
      ...npm("app", "1.0.0", "self"),
    },
    [`npm:self@1.0.0 ${IN_APP}`, `npm:x@1.0.0 ${IN_APP}`],
  ],
  [
    "a chain of 40 links",
    "npm",
    { ...chain(MAX_HOPS - 1, "opt/deps"), [APP]: symlink("/a0"), ...npm("opt/deps/x", "1.0.0", "x") },
    ["npm:x@1.0.0 in /opt/deps"],
  ],
  [
    "'..' behind another link, which is the parent of where that leads",
    "npm",
    {
      in: symlink("opt/deep/er"),
      [APP]: symlink("/in/../deps"),
      "opt/deep/er": DIRECTORY,
      ...npm("opt/deep/deps/x", "1.0.0", "x"),
    },
    ["npm:x@1.0.0 in /opt/deep/deps"],
  ],
  [
    "more '..' than there are folders",
    "npm",
    { [APP]: symlink("../../../deps"), ...npm("deps/x", "1.0.0", "x") },
    ["npm:x@1.0.0 in /deps"],
  ],
  [
    "a folder, with a file that is a hard link to a store",
    "npm",
    {
      "store/1": '{"name":"x","version":"1.0.0"}',
      [APP]: symlink("/d"),
      "d/x/package.json": hardLink("store/1"),
    },
    ["npm:x@1.0.0 in /d"],
  ],
  ["/var", "dpkg", { ...DEBIAN, var: symlink("/mnt/var"), [`mnt/${STATUS}`]: BASH }, ["dpkg:bash@5.2"]],
  [
    "/var/lib, relative, twice",
    "dpkg",
    { "mnt/state/dpkg/status": BASH, var: symlink("mnt/v"), "mnt/v/lib": symlink("../state") },
    ["dpkg:bash@5.2"],
  ],
  [
    "dpkg's folder",
    "dpkg",
    { ...DEBIAN, "usr/lib/dpkg-db/status": BASH, "var/lib/dpkg": symlink("../../usr/lib/dpkg-db") },
    ["dpkg:bash@5.2"],
  ],
  [
    "dpkg's file",
    "dpkg",
    { ...DEBIAN, "opt/db/status": BASH, [STATUS]: symlink("/opt/db/status") },
    ["dpkg:bash@5.2"],
  ],
  [
    "dpkg's folder without a status file",
    "dpkg",
    { ...DEBIAN, "var/lib/dpkg": symlink("/db"), "db/status.d/bash": "Package: bash\nVersion: 5.2\n" },
    ["dpkg:bash@5.2"],
  ],
  ["/lib", "apk", { lib: symlink("usr/lib"), "usr/lib/apk/db/installed": APK }, ["apk:musl@1.2.5-r0"]],
  [
    "apk's folder",
    "apk",
    { "opt/apk/db/installed": APK, "lib/apk": symlink("/opt/apk") },
    ["apk:musl@1.2.5-r0"],
  ],
  [
    "apk's file",
    "apk",
    { "opt/installed": APK, "lib/apk/db/installed": symlink("/opt/installed") },
    ["apk:musl@1.2.5-r0"],
  ],
  [
    "a folder of gems",
    "rubygems",
    {
      ...gem("x", "rake", "13.0.0"),
      "gems/specifications": symlink("/specs"),
      "specs/y-1.gemspec": 'Gem::Specification.new do |s|\n s.name = "y"\n s.version = "1"\nend\n',
    },
    ["gem:y@1 in /gems", "gem:rake@13.0.0 in /x"],
  ],
  [
    "site-packages, with metadata that counts only in one",
    "python",
    {
      "venv/lib/site-packages": symlink("/py"),
      "py/a-1.egg-info": "Name: a\nVersion: 1\n\n",
      "py/b-2.egg-info/PKG-INFO": "Name: b\nVersion: 2\n\n",
      "src/c-3.egg-info/PKG-INFO": "Name: c\nVersion: 3\n\n",
    },
    ["pip:a@1 in /py", "pip:b@2 in /py"],
  ],
  [
    "a conda prefix's folder",
    "conda",
    { "env/conda-meta": symlink("/meta"), "meta/a-1-0.json": CONDA },
    ["conda:a@1-0 in /env"],
  ],
];

describe("a package behind a symbolic link is found, and once:", () => {
  each(
    "%s",
    FOUND,
  )(async (_, detector, files, packages) => {
    const answer = [`found ${packages.length}`, ...packages];
    assert.deepEqual(await answerOf(detector, files), answer);
    const backwards = Object.fromEntries(
      Object.entries(files)
        .filter(([, content]) => !isHardLink(content))
        .reverse(),
    );
    if (Object.keys(backwards).length === Object.keys(files).length)
      assert.deepEqual(await answerOf(detector, backwards), answer, "in whatever order the archive has them");
  });

  it("rpm's own folder, as some systems have it", async () => {
    const db = { "usr/lib/sysimage/rpm/rpmdb.sqlite": rpmDatabase("rpmdb.sqlite") };
    const linked = {
      ...db,
      "var/lib/rpm": symlink("../../usr/lib/sysimage/rpm"),
      "usr/share/rpm": symlink("/var/lib/rpm"),
    };
    const moved = { "opt/db/rpmdb.sqlite": rpmDatabase("rpmdb.sqlite"), "var/lib/rpm": symlink("/opt/db") };
    for (const files of [linked, moved])
      assert.deepEqual(await answerOf("rpm", files), await answerOf("rpm", db));
  });

  it("os-release and apt's sources, which say where packages are from", async () => {
    const capture = await captureOf({
      "opt/etc/os-release": "ID=ubuntu\n",
      "opt/etc/apt/sources.list": "deb http://a.example s main\n",
      etc: symlink("opt/etc"),
      [STATUS]: BASH,
    });
    assert.equal(capture.distribution, "ubuntu");
    assert.deepEqual(capture.sources, [{ ecosystem: "dpkg", entry: "deb http://a.example s main" }]);
  });

  it("an npm project, with the hash from its hidden lock", async () => {
    const locked = { packages: { "node_modules/x": { version: "1.0.0", integrity: "sha512-AA==" } } };
    const capture = await captureOf({
      "opt/deps/.package-lock.json": JSON.stringify(locked),
      ...npm("opt/deps/x", "1.0.0", "x"),
      [APP]: symlink("/opt/deps"),
      "app/package-lock.json": "{}",
    });
    assert.deepEqual(
      capture.packages.map(({ hash }) => hash),
      ["sha512-AA=="],
    );
    assert.deepEqual(capture.npmProjects, [{ root: "/app", lock: "{}" }]);
  });
});

const LOOP = "leads to itself, or over more than 40 links";
describe("a link that can't be followed is an error, never an absence:", () => {
  each("%s", [
    [
      "a node_modules in a loop",
      { [APP]: symlink("/b"), b: symlink("/app/node_modules") },
      `npm can't say what is installed: "/app/node_modules" ${LOOP}.`,
    ],
    [
      "a package that is its own target",
      { [`${APP}/x`]: symlink("x") },
      `npm can't say what is installed: "/app/node_modules/x" ${LOOP}.`,
    ],
    [
      "a node_modules behind 41 links",
      { ...chain(MAX_HOPS, "d"), [APP]: symlink("/a0"), ...npm("d/x", "1.0.0", "x") },
      `npm can't say what is installed: "/app/node_modules" ${LOOP}.`,
    ],
    [
      "a folder of gems in a loop",
      { "g/specifications": symlink("specifications") },
      `rubygems can't say what is installed: "/g/specifications" ${LOOP}.`,
    ],
    [
      "a folder of conda in a loop",
      { "e/conda-meta": symlink("conda-meta") },
      `conda can't say what is installed: "/e/conda-meta" ${LOOP}.`,
    ],
    [
      "site-packages in a loop",
      { "v/site-packages": symlink("site-packages") },
      `python can't say what is installed: "/v/site-packages" ${LOOP}.`,
    ],
    [
      "dpkg's folder in a loop",
      { "var/lib/dpkg": symlink("dpkg") },
      `dpkg can't say what is installed: "/var/lib/dpkg/status" is behind "/var/lib/dpkg", a link that ${LOOP}.`,
    ],
    [
      "dpkg's folder that leads nowhere",
      { "var/lib/dpkg": symlink("/gone") },
      `dpkg can't say what is installed: "/var/lib/dpkg/status" is behind "/var/lib/dpkg", a link that leads nowhere.`,
    ],
    [
      "dpkg's file that nobody reads",
      { [STATUS]: symlink("/db.txt"), "db.txt": BASH },
      `dpkg can't say what is installed: "/var/lib/dpkg/status" is a symbolic link to "/db.txt", which holds nothing that could be read for it.`,
    ],
    [
      "a broken database behind a link",
      { "var/lib/dpkg": symlink("/db"), "db/status": "Package: x\n" },
      `dpkg can't say what is installed: "/db/status" is malformed: the stanza of x has no Status.`,
    ],
    [
      "a broken package.json behind a link",
      { [APP]: symlink("/d"), "d/x/package.json": "{" },
      `npm can't say what is installed: "/app/node_modules/x/package.json" is no valid JSON.`,
    ],
    [
      "apk's file that nobody reads",
      { "lib/apk/db/installed": symlink("/db.txt"), "db.txt": APK },
      `apk can't say what is installed: "/lib/apk/db/installed" is a symbolic link to "/db.txt", which holds nothing that could be read for it.`,
    ],
  ])(async (_, files, problem) => assert.equal(await problemsOf(files), problem));

  it("/var that leads nowhere, for all that have a database there", async () =>
    assert.equal(
      await problemsOf({ var: symlink("/gone") }),
      ["dpkg /var/lib/dpkg/status", "rpm /var/lib/rpm/rpmdb.sqlite"]
        .map((line) => line.split(" "))
        .map(
          ([name, path]) =>
            `${name} can't say what is installed: "${path}" is behind "/var", a link that leads nowhere.`,
        )
        .join("\n"),
    ));

  each("but what merely is not there is absent: %j", [
    [{ lib: symlink("usr/lib"), "usr/lib/x": "", var: symlink("mnt"), "mnt/x": "" }],
    [{ [APP]: symlink("/cache/that/is/mounted/later") }],
    [{ usr: DIRECTORY, "usr/bin/X11": symlink("."), "usr/loop": symlink("loop") }],
  ])(async (files) => assert.equal(await problemsOf(files), ""));
});

describe("a package in a dot folder of node_modules", () => {
  each("%s", [
    [
      "is found below a node_modules there",
      npm(`${APP}/.vendor/node_modules/x`),
      [`npm:x@1.0.0 in /${APP}/.vendor/node_modules`],
    ],
    [
      "is found deeper there",
      npm(`${APP}/.a/b/node_modules/@s/x`),
      [`npm:@s/x@1.0.0 in /${APP}/.a/b/node_modules`],
    ],
    ["is a copy below .cache", npm(`${APP}/.cache/t/node_modules/x`), []],
    [
      "is no package by the hidden lock alone",
      { [`${APP}/.package-lock.json`]: '{"name":"x","version":"1","packages":{}}' },
      [],
    ],
  ] as const)(async (_, files: Files, packages: readonly string[]) =>
    assert.deepEqual(await answerOf("npm", files), [
      packages.length === 0 ? "absent" : `found ${packages.length}`,
      ...packages,
    ]),
  );
});

function isHardLink(content: Files[string]): boolean {
  return typeof content === "object" && "type" in content && content.type === "link";
}
