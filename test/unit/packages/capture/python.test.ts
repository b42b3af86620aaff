import assert from "node:assert/strict";
import { parseMetadata } from "../../../../provider/packages/capture/python/metadata";
import { recordHash } from "../../../../provider/packages/capture/python/record";
import { pythonDetector } from "../../../../provider/packages/capture/python/detector";
import { notCapturedLines } from "../../../../provider/packages/capture/outside/not-captured";
import { each } from "../../../support/each";
import {
  answerOf,
  brief,
  captureOf,
  DIRECTORY,
  type Files,
  notUtf8,
  problemsOf,
  symlink,
} from "./archive-builder";
import { itReads } from "./database-file";

const SITE = "usr/local/lib/python3.11/site-packages";
const VENV = "opt/venv/lib/python3.12/site-packages";
const DIST = "usr/lib/python3/dist-packages";
const metadata = (name: string, version: string): string =>
  `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\nSummary: text\n\nName: not a header\n`;
/** The metadata of a distribution, `a-1`, in each of these directories. */
const wheels = (...places: string[]): Files =>
  Object.fromEntries(
    places.map((place) => {
      const [name = "", version = ""] = place.split("/").at(-1)?.split("-") ?? [];
      return [`${place}.dist-info/METADATA`, metadata(name, version)];
    }),
  );

describe("the python detector", () => {
  const tagged = (root: string): Files => ({
    [`${root}/CACHEDIR.TAG`]: "Signature: 8a477f597d28d172789f06886806bc55",
  });
  each<readonly [string, Files, readonly string[]]>("%s", [
    [
      "finds packages in every environment, one name at two roots included",
      {
        [`${SITE}/Foo_Bar-1.0.dist-info/METADATA`]: metadata("Foo._Bar", "1.0"),
        [`${VENV}/foo_bar-2.0.dist-info/METADATA`]: metadata("foo-bar", "2.0"),
        ...wheels("root/.local/lib/python3.11/site-packages/user-3"),
        [`${DIST}/old-1.egg-info/PKG-INFO`]: metadata("old", "1"),
        [`${DIST}/older-1.egg-info`]: metadata("older", "1!1.0+local"),
        [`${DIST}/egg-1-py3.11.egg/EGG-INFO/PKG-INFO`]: metadata("egg", "1"),
        "function/target-4.dist-info/METADATA": metadata("target", "4").replaceAll("\n", "\r\n"),
      },
      [
        "target@4 in /function",
        `foo-bar@2.0 in /${VENV}`,
        "user@3 in /root/.local/lib/python3.11/site-packages",
        ...["egg@1", "old@1", "older@1!1.0+local"].map((item) => `${item} in /${DIST}`),
        `foo-bar@1.0 in /${SITE}`,
      ],
    ],
    [
      "finds distributions wherever pip puts them: a folder of vendored code, below a cache, below an environment",
      {
        ...wheels("app/_vendor/a-1", "root/.cache/app/b-1", `${SITE}/plugins/c-1`, `${SITE}/x/_vendor/d-1`),
        ...wheels("data/e-1", "data/lib/f-1", "~home/g-1", "app/_vendor/lib/site-packages/h-1"),
        ...tagged("data"),
        "app/i-1.egg-info/PKG-INFO": metadata("i", "1"),
        "app/i-1.egg-info/installed-files.txt": "../i.py\n",
        "app/.eggs/j-1-py3.11.egg/EGG-INFO/PKG-INFO": metadata("j", "1"),
      },
      [
        "i@1 in /app",
        "j@1 in /app/.eggs",
        "a@1 in /app/_vendor",
        "h@1 in /app/_vendor/lib/site-packages",
        "e@1 in /data",
        "f@1 in /data/lib",
        "b@1 in /root/.cache/app",
        `c@1 in /${SITE}/plugins`,
        `d@1 in /${SITE}/x/_vendor`,
        "g@1 in /~home",
      ],
    ],
    [
      "counts an environment below a cache tag, as tools tag environments",
      { ...tagged("venv"), ...wheels("venv/lib/site-packages/a-1") },
      ["a@1 in /venv/lib/site-packages"],
    ],
    [
      "keeps both of one name with two versions in one place",
      wheels(`${SITE}/a-1`, `${SITE}/a-2`),
      [`a@1 in /${SITE}`, `a@2 in /${SITE}`],
    ],
  ])(async (_, files, expected) => {
    const state = expected.length === 0 ? "absent" : `found ${expected.length}`;
    assert.deepEqual(await answerOf("python", files), [state, ...expected.map((item) => `pip:${item}`)]);
  });

  /** A distribution that has copies of others, and names their metadata in its RECORD, as setuptools does. */
  const withCopies = (root: string, owner: string, ...copies: string[]): Files => ({
    ...wheels(`${root}/${owner}`, ...copies.map((copy) => `${root}/${copy}`)),
    [`${root}/${owner}.dist-info/RECORD`]: copies
      .map((copy) => `${copy}.dist-info/METADATA,sha256=AAAA,1\n`)
      .join(""),
  });
  const SOURCE = { "src/d.egg-info/PKG-INFO": metadata("d", "1") };
  each<readonly [string, Files, readonly string[], readonly string[]]>(
    "leaves out on purpose, and says so: %s",
    [
      [
        "copies that come with another distribution",
        withCopies(SITE, "setuptools-80", "setuptools/_vendor/wheel-0.45.1", "setuptools/_vendor/zipp-3"),
        [`pip:setuptools@80 in /${SITE}`],
        [`copies of Python distributions inside another distribution (/${SITE}/setuptools/_vendor)`],
      ],
      [
        "and no distribution that took the place of such a copy",
        { ...withCopies(SITE, "a-1", "plugins/b-1"), ...wheels(`${SITE}/plugins/b-2`) },
        [`pip:a@1 in /${SITE}`, `pip:b@2 in /${SITE}/plugins`],
        [`copies of Python distributions inside another distribution (/${SITE}/plugins)`],
      ],
      [
        "and nothing beside the distribution that names it, or outside of it",
        {
          ...withCopies(SITE, "a-1", "b-1"),
          ...wheels("usr/local/lib/c-1"),
          [`${VENV}/d-1.dist-info/RECORD`]: "../../../../usr/local/lib/c-1.dist-info/METADATA,,\n",
          ...wheels(`${VENV}/d-1`),
        },
        [`pip:d@1 in /${VENV}`, "pip:c@1 in /usr/local/lib", `pip:a@1 in /${SITE}`, `pip:b@1 in /${SITE}`],
        [],
      ],
      [
        "what uv keeps in its cache, under names of chance",
        { ...tagged("root/.cache/uv"), ...wheels("root/.cache/uv/archive-v0/Xy_1/e-1") },
        [],
        ["Python distributions in the cache of uv (/root/.cache/uv)"],
      ],
      ["source trees", SOURCE, [], ["Python source trees (/src)"]],
      [
        "and no source tree that is installed from where it is",
        { ...SOURCE, ...wheels(`${SITE}/d-1`) },
        [`pip:d@1 in /${SITE}`],
        [],
      ],
      [
        "what a failed uninstall left",
        { [`${SITE}/~ip-23.dist-info`]: DIRECTORY, ...wheels(`${SITE}/~ip-23`) },
        [],
        [`what a failed uninstall of a Python distribution left (/${SITE}/~ip-23.dist-info)`],
      ],
    ],
  )(async (_, files, listed, outside) => {
    const capture = await captureOf(files);
    assert.deepEqual(brief(capture), listed);
    assert.deepEqual(
      notCapturedLines(capture.notCaptured),
      outside.map((words) => `not captured: ${words}`),
    );
  });

  it("knows who installed a package, where that is written", async () => {
    const written = {
      [`${SITE}/a-1.dist-info/INSTALLER`]: "pip\n",
      [`${SITE}/b-1.dist-info/INSTALLER`]: "uv",
    };
    const { packages } = await captureOf({
      ...wheels(`${SITE}/a-1`, `${SITE}/b-1`, `${SITE}/c-1`),
      ...written,
    });
    assert.deepEqual(
      packages.map(({ installer }) => installer),
      ["pip", "uv", undefined],
    );
  });

  it("fails for a dist-info or egg-info directory without metadata", async () => {
    for (const name of ["a-1.dist-info", "a-1.egg-info"]) {
      assert.match(await problemsOf({ [`${SITE}/${name}/`]: DIRECTORY }), /^python .*has no metadata file/);
      assert.equal(await problemsOf({ [`elsewhere/${name}/`]: DIRECTORY }), "");
    }
    const linked = { [`${SITE}/a.egg-info`]: symlink("a-1.egg-info") };
    assert.equal(await problemsOf(linked), "", "a linked directory is no package");
  });

  const expected = recordHash(Buffer.from("a.py,sha256=AAAA,1\n"));
  each("knows the hash of a wheel by its RECORD, and none of one that was built on the spot: %s", [
    ["py3-none-any", expected],
    ["cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64", expected],
    ["cp311-cp311-linux_x86_64", undefined],
  ])(async (tag, hash) => {
    const { packages } = await captureOf({
      ...wheels(`${SITE}/a-1`, `${SITE}/b-1`),
      [`${SITE}/a-1.dist-info/RECORD`]: "a.py,sha256=AAAA,1\na-1.dist-info/RECORD,,\n",
      [`${SITE}/a-1.dist-info/WHEEL`]: `Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: ${tag}\n`,
    });
    assert.deepEqual(
      packages.map((item) => item.hash),
      [hash, undefined],
    );
  });

  const LONG = "x".repeat(5 * 1024 * 1024);
  it("reads headers only, however long the text below them is", async () =>
    assert.equal(await problemsOf({ [`${SITE}/a-1.dist-info/METADATA`]: metadata("a", "1") + LONG }), ""));

  const whole = "Metadata-Version: 2.1\nName: six\nVersion: 1.16.0\n";
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
    const caches = [
      "a/__pycache__/__init__.cpython-311.pyc,,",
      "a/__pycache__/__init__.cpython-312.pyc,sha256=DDDD,4",
    ];
    const notes = ["INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json", "WHEEL"];
    const noise = [
      ...caches,
      ...notes.map((name) => `a-1.dist-info/${name},sha256=EEEE,4`),
      "a-1.dist-info/RECORD,,",
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
