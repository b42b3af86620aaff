import assert from "node:assert/strict";
import { MAX_HOPS } from "../../../../provider/packages/capture/tree/file-tree";
import { each } from "../../../support/each";
import { table } from "../../../support/table";
import {
  answerFor,
  answerOf,
  captureOf,
  DIRECTORY,
  filesOf,
  problemsOf,
  rpmDatabase,
  symlink,
} from "./archive-builder";

const APP = "app/node_modules";
const DEBIAN = "etc/os-release: ID=debian\n";
const STATUS = "var/lib/dpkg/status";
const APK = "P:musl\nV:1.2.5-r0\n\n";
const PACKAGE = '{"name":"x","version":"1.0.0"}';
const CONDA = '{"name":"a","version":"1","build":"0"}';
const GEM = 'Gem::Specification.new do |s|\n s.name = "y"\n s.version = "1"\nend\n';
const DETECTORS: Readonly<Record<string, string>> = { pip: "python", gem: "rubygems" };

/** Links `a0 -> a1 -> ... -> a<count - 1> -> end`. */
const chain = (count: number, end: string): string =>
  Array.from({ length: count }, (_, n) => `a${n} -> ${n + 1 < count ? `a${n + 1}` : end}`).join("; ");

describe("a package behind a symbolic link is found, and once:", () => {
  table()`
    node_modules ¦ app/node_modules -> /opt/deps; opt/deps/x has npm:x@1.0.0 ¦ npm:x@1.0.0 in /opt/deps
    a node_modules that is scoped, and nested in another package
      ¦ opt/deps/@s/x has npm:@s/x@1.0.0; opt/deps/x/node_modules/y has npm:y@1.0.0;
        app/node_modules -> ../opt/deps
      ¦ npm:@s/x@1.0.0 in /opt/deps, npm:y@1.0.0 in /opt/deps/x/node_modules
    two node_modules to one folder, which counts once
      ¦ a/node_modules -> /opt/deps; opt/deps/x has npm:x@1.0.0; b/node_modules -> /opt/deps
      ¦ npm:x@1.0.0 in /opt/deps
    a package, as npm links a folder
      ¦ app/node_modules/x -> ../../src/x; src/x has npm:x@1.0.0; src/x/lib has npm:no@0.0.1
      ¦ npm:x@1.0.0 in /app/node_modules
    a scope ¦ app/node_modules/@s -> /s; s/x has npm:@s/x@1.0.0 ¦ npm:@s/x@1.0.0 in /app/node_modules
    a package in a node_modules that is one too
      ¦ app/node_modules -> /opt/deps; opt/deps/x -> /src/x; src/x has npm:x@1.0.0 ¦ npm:x@1.0.0 in /opt/deps
    a folder of links that lead back to themselves
      ¦ app/node_modules/self -> ..; app/again -> .; app/node_modules/x has npm:x@1.0.0;
        app has npm:self@1.0.0
      ¦ npm:self@1.0.0 in /app/node_modules, npm:x@1.0.0 in /app/node_modules
    a chain of 40 links
      ¦ ${chain(MAX_HOPS - 1, "opt/deps")}; app/node_modules -> /a0; opt/deps/x has npm:x@1.0.0
      ¦ npm:x@1.0.0 in /opt/deps
    '..' behind another link, which is the parent of where that leads
      ¦ in -> opt/deep/er; app/node_modules -> /in/../deps; opt/deep/er/; opt/deep/deps/x has npm:x@1.0.0
      ¦ npm:x@1.0.0 in /opt/deep/deps
    more '..' than there are folders
      ¦ app/node_modules -> ../../../deps; deps/x has npm:x@1.0.0 ¦ npm:x@1.0.0 in /deps
    a folder, with a file that is a hard link to a store
      ¦ store/1: ${PACKAGE}; app/node_modules -> /d; d/x/package.json => store/1 ¦ npm:x@1.0.0 in /d
    /var ¦ ${DEBIAN}; var -> /mnt/var; mnt/var/lib/dpkg/status has dpkg:bash@5.2 ¦ dpkg:bash@5.2
    /var/lib, relative, twice
      ¦ mnt/state/dpkg/status has dpkg:bash@5.2; var -> mnt/v; mnt/v/lib -> ../state ¦ dpkg:bash@5.2
    dpkg's folder
      ¦ ${DEBIAN}; usr/lib/dpkg-db/status has dpkg:bash@5.2; var/lib/dpkg -> ../../usr/lib/dpkg-db
      ¦ dpkg:bash@5.2
    dpkg's file ¦ ${DEBIAN}; opt/db/status has dpkg:bash@5.2; ${STATUS} -> /opt/db/status ¦ dpkg:bash@5.2
    dpkg's folder without a status file
      ¦ ${DEBIAN}; var/lib/dpkg -> /db; db/status.d/bash: Package: bash\nVersion: 5.2\n ¦ dpkg:bash@5.2
    /lib ¦ lib -> usr/lib; usr/lib/apk/db/installed: ${APK} ¦ apk:musl@1.2.5-r0
    apk's folder ¦ opt/apk/db/installed: ${APK}; lib/apk -> /opt/apk ¦ apk:musl@1.2.5-r0
    apk's file ¦ opt/installed: ${APK}; lib/apk/db/installed -> /opt/installed ¦ apk:musl@1.2.5-r0
    a folder of gems
      ¦ x has gem:rake@13.0.0; gems/specifications -> /specs; specs/y-1.gemspec: ${GEM}
      ¦ gem:y@1 in /gems, gem:rake@13.0.0 in /x
    site-packages, with metadata that counts only in one
      ¦ venv/lib/site-packages -> /py; py/a-1.egg-info: Name: a\nVersion: 1\n\n;
        py/b-2.egg-info/PKG-INFO: Name: b\nVersion: 2\n\n; src/c-3.egg-info/PKG-INFO: Name: c\nVersion: 3\n\n
      ¦ pip:a@1 in /py, pip:b@2 in /py
    a conda prefix's folder ¦ env/conda-meta -> /meta; meta/a-1-0.json: ${CONDA} ¦ conda:a@1-0 in /env
  `(async (_, text, packages) => {
    const ecosystem = packages.replace(/:.*/, "");
    const detector = DETECTORS[ecosystem] ?? ecosystem;
    const files = filesOf(text);
    assert.deepEqual(await answerOf(detector, files), answerFor(packages));
    // A hard link comes behind its file.
    if (text.includes(" => ")) return;
    const backwards = Object.fromEntries(Object.entries(files).reverse());
    assert.deepEqual(await answerOf(detector, backwards), answerFor(packages), "in any order of the archive");
  });

  it("rpm's own folder, as some systems have it", async () => {
    const database = rpmDatabase("rpmdb.sqlite");
    const db = { "usr/lib/sysimage/rpm/rpmdb.sqlite": database };
    const linked = filesOf("var/lib/rpm -> ../../usr/lib/sysimage/rpm; usr/share/rpm -> /var/lib/rpm");
    const moved = { "opt/db/rpmdb.sqlite": database, "var/lib/rpm": symlink("/opt/db") };
    for (const files of [{ ...db, ...linked }, moved])
      assert.deepEqual(await answerOf("rpm", files), await answerOf("rpm", db));
  });

  it("os-release and apt's sources, which say where packages are from", async () => {
    const linked = "opt/etc/os-release: ID=ubuntu\n; etc -> opt/etc; var/lib/dpkg/status has dpkg:bash@5.2";
    const sources = { "opt/etc/apt/sources.list": "deb http://a.example s main\n" };
    const capture = await captureOf(sources, filesOf(linked));
    assert.equal(capture.distribution, "ubuntu");
    assert.deepEqual(capture.sources, [{ ecosystem: "dpkg", entry: "deb http://a.example s main" }]);
  });

  it("an npm project, with the hash from its hidden lock", async () => {
    const locked = '{"packages":{"node_modules/x":{"version":"1.0.0","integrity":"sha512-AA=="}}}';
    const linked = `opt/deps/.package-lock.json: ${locked}; opt/deps/x has npm:x@1.0.0; ${APP} -> /opt/deps`;
    const { packages, npmProjects } = await captureOf(filesOf(`${linked}; app/package-lock.json: {}`));
    assert.deepEqual([packages.length, packages[0]?.hash], [1, "sha512-AA=="]);
    assert.deepEqual(npmProjects, [{ root: "/app", lock: "{}" }]);
  });
});

const LOOP = "leads to itself, or over more than 40 links.";
const UNREAD = 'is a symbolic link to "/db.txt", which holds nothing that could be read for it.';
describe("a link that can't be followed is an error, never an absence:", () => {
  // Files; who can't say what is installed; why.
  table()`
    a node_modules in a loop ¦ app/node_modules -> /b; b -> /app/node_modules
      ¦ npm ¦ "/app/node_modules" ${LOOP}
    a package that is its own target ¦ app/node_modules/x -> x ¦ npm ¦ "/app/node_modules/x" ${LOOP}
    a node_modules behind 41 links
      ¦ ${chain(MAX_HOPS, "d")}; app/node_modules -> /a0; d/x has npm:x@1.0.0
      ¦ npm ¦ "/app/node_modules" ${LOOP}
    a folder of gems in a loop ¦ g/specifications -> specifications ¦ rubygems ¦ "/g/specifications" ${LOOP}
    a folder of conda in a loop ¦ e/conda-meta -> conda-meta ¦ conda ¦ "/e/conda-meta" ${LOOP}
    site-packages in a loop ¦ v/site-packages -> site-packages ¦ python ¦ "/v/site-packages" ${LOOP}
    dpkg's folder in a loop ¦ var/lib/dpkg -> dpkg
      ¦ dpkg ¦ "/var/lib/dpkg/status" is behind "/var/lib/dpkg", a link that ${LOOP}
    dpkg's folder that leads nowhere ¦ var/lib/dpkg -> /gone
      ¦ dpkg ¦ "/var/lib/dpkg/status" is behind "/var/lib/dpkg", a link that leads nowhere.
    dpkg's file that nobody reads ¦ ${STATUS} -> /db.txt; db.txt has dpkg:bash@5.2
      ¦ dpkg ¦ "/${STATUS}" ${UNREAD}
    a broken database behind a link ¦ var/lib/dpkg -> /db; db/status: Package: x\n
      ¦ dpkg ¦ "/db/status" is malformed: the stanza of x has no Status.
    a broken package.json behind a link ¦ app/node_modules -> /d; d/x/package.json: {
      ¦ npm ¦ "/app/node_modules/x/package.json" is no valid JSON.
    apk's file that nobody reads ¦ lib/apk/db/installed -> /db.txt; db.txt: ${APK}
      ¦ apk ¦ "/lib/apk/db/installed" ${UNREAD}
  `(async (_, files, who, why) =>
    assert.equal(await problemsOf(filesOf(files)), `${who} can't say what is installed: ${why}`),
  );

  it("/var that leads nowhere, for all that have a database there", async () => {
    const nowhere = 'is behind "/var", a link that leads nowhere.';
    const problems = [
      `dpkg can't say what is installed: "/var/lib/dpkg/status" ${nowhere}`,
      `rpm can't say what is installed: "/var/lib/rpm/rpmdb.sqlite" ${nowhere}`,
    ];
    assert.equal(await problemsOf({ var: symlink("/gone") }), problems.join("\n"));
  });

  each("but what merely is not there is absent: %j", [
    [{ lib: symlink("usr/lib"), "usr/lib/x": "", var: symlink("mnt"), "mnt/x": "" }],
    [{ [APP]: symlink("/cache/that/is/mounted/later") }],
    [{ usr: DIRECTORY, "usr/bin/X11": symlink("."), "usr/loop": symlink("loop") }],
  ])(async (files) => assert.equal(await problemsOf(files), ""));
});

describe("a package in a dot folder of node_modules", () => {
  const HIDDEN = '{"name":"x","version":"1","packages":{}}';
  table()`
    is found below a node_modules there ¦ app/node_modules/.vendor/node_modules/x has npm:x@1.0.0
      ¦ npm:x@1.0.0 in /app/node_modules/.vendor/node_modules
    is found deeper there ¦ app/node_modules/.a/b/node_modules/@s/x has npm:@s/x@1.0.0
      ¦ npm:@s/x@1.0.0 in /app/node_modules/.a/b/node_modules
    is a copy below .cache ¦ app/node_modules/.cache/t/node_modules/x has npm:x@1.0.0 ¦
    is no package by the hidden lock alone ¦ app/node_modules/.package-lock.json: ${HIDDEN} ¦
  `(async (_, files, packages) =>
    assert.deepEqual(await answerOf("npm", filesOf(files)), answerFor(packages)),
  );
});
