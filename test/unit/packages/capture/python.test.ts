import assert from "node:assert/strict";
import { parseMetadata } from "../../../../provider/packages/capture/python/metadata";
import { recordHash } from "../../../../provider/packages/capture/python/record";
import { pythonDetector } from "../../../../provider/packages/capture/python/detector";
import { notCapturedLines } from "../../../../provider/packages/capture/outside/not-captured";
import { each } from "../../../support/each";
import { table } from "../../../support/table";
import { answerFor, answerOf, brief, captureOf, DIRECTORY, filesOf, notUtf8 } from "./archive-builder";
import { problemsOf } from "./archive-builder";
import { itReads } from "./database-file";

const SITE = "usr/local/lib/python3.11/site-packages";
const VENV = "opt/venv/lib/python3.12/site-packages";
const DIST = "usr/lib/python3/dist-packages";
const TAG = "CACHEDIR.TAG: Signature: 8a477f597d28d172789f06886806bc55";
const CRLF = "Metadata-Version: 2.1\r\nName: target\r\nVersion: 4\r\n\r\n";

describe("the python detector", () => {
  table()`
    finds packages in every environment, one name at two roots included
      ¦ ${SITE}/Foo_Bar-1.0.dist-info/METADATA: Name: Foo._Bar\nVersion: 1.0\nSummary: text\n\nName: none\n;
        ${VENV} has pip:foo-bar@2.0; root/.local/lib/python3.11/site-packages has pip:user@3;
        ${DIST}/old-1.egg-info/PKG-INFO: Name: old\nVersion: 1\n\n;
        ${DIST}/older-1.egg-info: Name: older\nVersion: 1!1.0+local\n\n;
        ${DIST}/egg-1-py3.11.egg/EGG-INFO/PKG-INFO: Name: egg\nVersion: 1\n\n;
        function/target-4.dist-info/METADATA: ${CRLF}
      ¦ target@4 in /function, foo-bar@2.0 in /${VENV}, user@3 in /root/.local/lib/python3.11/site-packages,
        egg@1 in /${DIST}, old@1 in /${DIST}, older@1!1.0+local in /${DIST}, foo-bar@1.0 in /${SITE}
    finds distributions wherever pip puts them: a folder of vendored code, below a cache, below an environment
      ¦ app/_vendor has pip:a@1; root/.cache/app has pip:b@1; ${SITE}/plugins has pip:c@1;
        ${SITE}/x/_vendor has pip:d@1; data has pip:e@1; data/lib has pip:f@1; ~home has pip:g@1; data/${TAG};
        app/_vendor/lib/site-packages has pip:h@1; app/i-1.egg-info/PKG-INFO: Name: i\nVersion: 1\n\n;
        app/i-1.egg-info/installed-files.txt: ../i.py\n;
        app/.eggs/j-1-py3.11.egg/EGG-INFO/PKG-INFO: Name: j\nVersion: 1\n\n
      ¦ i@1 in /app, j@1 in /app/.eggs, a@1 in /app/_vendor, h@1 in /app/_vendor/lib/site-packages,
        e@1 in /data, f@1 in /data/lib, b@1 in /root/.cache/app, c@1 in /${SITE}/plugins,
        d@1 in /${SITE}/x/_vendor, g@1 in /~home
    counts an environment below a cache tag, as tools tag environments
      ¦ venv/${TAG}; venv/lib/site-packages has pip:a@1 ¦ a@1 in /venv/lib/site-packages
    keeps both of one name with two versions in one place
      ¦ ${SITE} has pip:a@1, pip:a@2 ¦ a@1 in /${SITE}, a@2 in /${SITE}
  `(async (_, files, packages) => {
    const expected = answerFor(packages.replace(/^|(?<=, )/g, "pip:"));
    assert.deepEqual(await answerOf("python", filesOf(files)), expected);
  });

  /** A RECORD that names the metadata of copies, as that of setuptools does. */
  const recordOf = (...copies: string[]): string =>
    copies.map((copy) => `${copy}.dist-info/METADATA,sha256=AAAA,1\n`).join("");
  const TOOLS = `${SITE}/setuptools-80.dist-info/RECORD`;
  const FAR = "../../../../usr/local/lib/c-1.dist-info/METADATA,,\n";
  const SOURCE = "src/d.egg-info/PKG-INFO: Name: d\nVersion: 1\n\n";
  // Files; packages; what is not captured.
  table("leaves out on purpose, and says so: %s")`
    copies that come with another distribution
      ¦ ${SITE} has pip:setuptools@80; ${SITE}/setuptools/_vendor has pip:wheel@0.45.1, pip:zipp@3;
        ${TOOLS}: ${recordOf("setuptools/_vendor/wheel-0.45.1", "setuptools/_vendor/zipp-3")}
      ¦ pip:setuptools@80 in /${SITE}
      ¦ copies of Python distributions inside another distribution (/${SITE}/setuptools/_vendor)
    and no distribution that took the place of such a copy
      ¦ ${SITE} has pip:a@1; ${SITE}/plugins has pip:b@1, pip:b@2;
        ${SITE}/a-1.dist-info/RECORD: ${recordOf("plugins/b-1")}
      ¦ pip:a@1 in /${SITE}, pip:b@2 in /${SITE}/plugins
      ¦ copies of Python distributions inside another distribution (/${SITE}/plugins)
    and nothing beside the distribution that names it, or outside of it
      ¦ ${SITE} has pip:a@1, pip:b@1; ${SITE}/a-1.dist-info/RECORD: ${recordOf("b-1")};
        usr/local/lib has pip:c@1; ${VENV}/d-1.dist-info/RECORD: ${FAR}; ${VENV} has pip:d@1
      ¦ pip:d@1 in /${VENV}, pip:c@1 in /usr/local/lib, pip:a@1 in /${SITE}, pip:b@1 in /${SITE} ¦
    what uv keeps in its cache, under names of chance
      ¦ root/.cache/uv/${TAG}; root/.cache/uv/archive-v0/Xy_1 has pip:e@1
      ¦ ¦ Python distributions in the cache of uv (/root/.cache/uv)
    source trees ¦ ${SOURCE} ¦ ¦ Python source trees (/src)
    and no source tree that is installed from where it is
      ¦ ${SOURCE}; ${SITE} has pip:d@1 ¦ pip:d@1 in /${SITE} ¦
    what a failed uninstall left
      ¦ ${SITE}/~ip-23.dist-info/; ${SITE} has pip:~ip@23
      ¦ ¦ what a failed uninstall of a Python distribution left (/${SITE}/~ip-23.dist-info)
  `(async (_, files, packages, outside) => {
    const capture = await captureOf(filesOf(files));
    assert.equal(brief(capture).join(", "), packages);
    const lines = notCapturedLines(capture.notCaptured);
    assert.deepEqual(lines, outside === "" ? [] : [`not captured: ${outside}`]);
  });

  it("knows who installed a package, where that is written", async () => {
    const written = "a-1.dist-info/INSTALLER: pip\n; b-1.dist-info/INSTALLER: uv";
    const { packages } = await captureOf(
      filesOf(`${SITE} has pip:a@1, pip:b@1, pip:c@1`),
      filesOf(written, `${SITE}/`),
    );
    const installers = packages.map(({ installer }) => installer);
    assert.deepEqual(installers, ["pip", "uv", undefined]);
  });

  it("fails for a dist-info or egg-info directory without metadata", async () => {
    for (const name of ["a-1.dist-info", "a-1.egg-info"]) {
      assert.match(await problemsOf({ [`${SITE}/${name}/`]: DIRECTORY }), /^python .*has no metadata file/);
      assert.equal(await problemsOf({ [`elsewhere/${name}/`]: DIRECTORY }), "");
    }
    const linked = filesOf(`${SITE}/a.egg-info -> a-1.egg-info`);
    assert.equal(await problemsOf(linked), "", "a linked directory is no package");
  });

  const expected = recordHash(Buffer.from("a.py,sha256=AAAA,1\n"));
  each("knows the hash of a wheel by its RECORD, and none of one that was built on the spot: %s", [
    ["py3-none-any", expected],
    ["cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64", expected],
    ["cp311-cp311-linux_x86_64", undefined],
  ])(async (tag, hash) => {
    const { packages } = await captureOf(filesOf(`${SITE} has pip:a@1, pip:b@1`), {
      [`${SITE}/a-1.dist-info/RECORD`]: "a.py,sha256=AAAA,1\na-1.dist-info/RECORD,,\n",
      [`${SITE}/a-1.dist-info/WHEEL`]: `Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: ${tag}\n`,
    });
    const hashes = packages.map((item) => item.hash);
    assert.deepEqual(hashes, [hash, undefined]);
  });

  const LONG = "x".repeat(5 * 1024 * 1024);
  const whole = "Metadata-Version: 2.1\nName: six\nVersion: 1.16.0\n";
  it("reads headers only, however long the text below them is", async () =>
    assert.equal(await problemsOf({ [`${SITE}/a-1.dist-info/METADATA`]: `${whole}\n${LONG}` }), ""));

  const ENDLESS = `Name: a\nVersion: 1\nDescription: ${LONG}\n`;
  itReads(pythonDetector, {
    path: `${SITE}/six-1.16.0.dist-info/METADATA`,
    whole,
    damaged: [
      ["empty", "", /has no Name/],
      ["cut inside the version", whole.slice(0, -3), /is cut: the line "Version: 1\.16" has no end/],
      ["cut before the version", whole.slice(0, whole.lastIndexOf("Version:")), /has no Version/],
      ["of two versions", "Name: a\nVersion: 1\nVersion: 2\n", /has Version twice/],
      ["with a prototype's name", "Name: __proto__\nVersion: 1\n", /impossible Name: "__proto__"/],
      ["with a blank in the version", "Name: a\nVersion: 1 2\n", /impossible Version/],
      ["with its headers below a blank line", "\nName: a\nVersion: 1\n", /has no Name/],
      ["not UTF-8", notUtf8("Name: ", "\nVersion: 1\n"), /./],
      ["JSON", '{"name":"six"}', /has no Name/],
      ["with endless headers", ENDLESS, /larger than the 4194304 bytes/],
    ],
  });
  const damaged = [
    ["empty", "", /has no Name/],
    ["cut inside the version", whole.slice(0, -3), /is cut/],
  ] as const;
  itReads(pythonDetector, { path: `${DIST}/six-1.16.0.egg-info/PKG-INFO`, whole, damaged });
  const beside = { "app/lib/six-1.16.0.dist-info/INSTALLER": "pip\n" };
  itReads(pythonDetector, { path: "app/lib/six-1.16.0.dist-info/METADATA", whole, beside, damaged });
});

describe("recordHash", () => {
  const of = (...rows: string[]): string | null => recordHash(Buffer.from(rows.join("\n")));
  const [FIRST, ...REST] = [
    "a/__init__.py,sha256=AAAA,1",
    '"a/b,c.py",sha256=BBBB,2',
    "a-1.dist-info/METADATA,sha256=CCCC,3",
  ] as const;
  const CONTENT = [FIRST, ...REST];

  it("is the same whatever the order, the line ends, the caches and the installer's notes", () => {
    const hash = of(...CONTENT);
    assert.match(hash ?? "", /^sha256:[0-9a-f]{64}$/);
    const caches = ["__init__.cpython-311.pyc,,", "__init__.cpython-312.pyc,sha256=DDDD,4"];
    const notes = ["INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json", "WHEEL"];
    const noise = [
      ...caches.map((row) => `a/__pycache__/${row}`),
      ...[...notes.map((name) => `${name},sha256=EEEE,4`), "RECORD,,"].map((row) => `a-1.dist-info/${row}`),
    ];
    assert.equal(of(...noise, ...[...CONTENT].reverse(), ""), hash);
    assert.equal(recordHash(Buffer.from(CONTENT.join("\r\n"))), hash);
  });

  it("is another one for another file, another path, and one file more or less", () => {
    const changed = [FIRST.replace("AAAA", "AAAB"), FIRST.replace("a/", "b/")].map((row) => of(row, ...REST));
    const all = [of(...CONTENT), ...changed, of(...REST), of(...CONTENT, "a/c.py,sha256=JJJJ,1")];
    assert.equal(new Set(all).size, 5);
  });

  it("is none where RECORD has no hash", () =>
    assert.deepEqual([of(), of("a.py,,", "no row", "a-1.dist-info/INSTALLER,sha256=EEEE,4")], [null, null]));
});

describe("parseMetadata", () => {
  it("reads folded headers, old encodings, and stops at a line that is no header, as Python does", () => {
    const text = "Name:\n\tfolded\nAuthor: J\xfcrgen\nVersion: 1\nDescription: a\nunindented\nVersion: 2\n";
    assert.deepEqual(parseMetadata(Buffer.from(text, "latin1")), { name: "folded", version: "1" });
  });
});
