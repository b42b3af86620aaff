import assert from "node:assert/strict";
import { parseMetadata } from "../../../../provider/packages/capture/python/metadata";
import { recordHash } from "../../../../provider/packages/capture/python/record";
import { pythonDetector } from "../../../../provider/packages/capture/python/detector";
import { answerOf, captureOf, DIRECTORY, type Files, notUtf8, problemsOf, symlink } from "./archive-builder";
import { itReads } from "./database-file";

const SITE = "usr/local/lib/python3.11/site-packages";
const CACHE_TAG = "Signature: 8a477f597d28d172789f06886806bc55";
const METADATA = "Metadata-Version: 2.1\nName: six\nVersion: 1.16.0\n";
const metadata = (name: string, version: string): string =>
  `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\nSummary: text\n\nName: not a header\n`;

describe("the python detector", () => {
  it("finds packages in every environment, one name at two roots included", async () => {
    const files = {
      [`${SITE}/Foo_Bar-1.0.dist-info/METADATA`]: metadata("Foo._Bar", "1.0"),
      [`${SITE}/Foo_Bar-1.0.dist-info/INSTALLER`]: "pip\n",
      "opt/venv/lib/python3.12/site-packages/foo_bar-2.0.dist-info/METADATA": metadata("foo-bar", "2.0"),
      "opt/venv/lib/python3.12/site-packages/foo_bar-2.0.dist-info/INSTALLER": "uv",
      "root/.local/lib/python3.11/site-packages/user-3.dist-info/METADATA": metadata("user", "3"),
      "usr/lib/python3/dist-packages/old-1.egg-info/PKG-INFO": metadata("old", "1"),
      "usr/lib/python3/dist-packages/older-1.egg-info": metadata("older", "1!1.0+local"),
      "usr/lib/python3/dist-packages/egg-1-py3.11.egg/EGG-INFO/PKG-INFO": metadata("egg", "1"),
      "function/target-4.dist-info/METADATA": metadata("target", "4").replaceAll("\n", "\r\n"),
    };
    assert.deepEqual(await answerOf("python", files), [
      "found 7",
      "pip:target@4 in /function",
      "pip:foo-bar@2.0 in /opt/venv/lib/python3.12/site-packages",
      "pip:user@3 in /root/.local/lib/python3.11/site-packages",
      "pip:egg@1 in /usr/lib/python3/dist-packages",
      "pip:old@1 in /usr/lib/python3/dist-packages",
      "pip:older@1!1.0+local in /usr/lib/python3/dist-packages",
      `pip:foo-bar@1.0 in /${SITE}`,
    ]);
    const installers = (await captureOf(files)).packages.map(({ installer }) => installer);
    assert.deepEqual(
      installers.filter((word) => word !== undefined),
      ["uv", "pip"],
    );
  });

  it("leaves out vendored copies, source trees, caches and failed uninstalls", async () => {
    const answer = await answerOf("python", {
      [`${SITE}/setuptools/_vendor/a-1.dist-info/METADATA`]: metadata("a", "1"),
      [`${SITE}/pkg/bundled/b-1.dist-info/METADATA`]: metadata("b", "1"),
      "srv/_vendor/c-1.dist-info/METADATA": metadata("c", "1"),
      "src/project/d.egg-info/PKG-INFO": metadata("d", "1"),
      [`${SITE}/~ip-23.dist-info/METADATA`]: metadata("pip", "23"),
      "root/.cache/uv/archive-v0/x/e-1.dist-info/METADATA": metadata("e", "1"),
      "uv/CACHEDIR.TAG": CACHE_TAG,
      "uv/archive-v0/x/f-1.dist-info/METADATA": metadata("f", "1"),
    });
    assert.deepEqual(answer, ["absent"]);
  });

  it("counts an environment below a cache tag, as tools tag environments", async () => {
    const answer = await answerOf("python", {
      "venv/CACHEDIR.TAG": CACHE_TAG,
      "venv/lib/site-packages/a-1.dist-info/METADATA": metadata("a", "1"),
    });
    assert.deepEqual(answer, ["found 1", "pip:a@1 in /venv/lib/site-packages"]);
  });

  it("keeps both of one name with two versions in one place", async () => {
    const answer = await answerOf("python", {
      [`${SITE}/a-1.dist-info/METADATA`]: metadata("a", "1"),
      [`${SITE}/a-2.dist-info/METADATA`]: metadata("a", "2"),
    });
    assert.deepEqual(answer, ["found 2", `pip:a@1 in /${SITE}`, `pip:a@2 in /${SITE}`]);
  });

  it("fails for a dist-info or egg-info directory without metadata", async () => {
    for (const name of ["a-1.dist-info", "a-1.egg-info"]) {
      assert.match(await problemsOf({ [`${SITE}/${name}/`]: DIRECTORY }), /^python .*has no metadata file/);
      assert.equal(await problemsOf({ [`elsewhere/${name}/`]: DIRECTORY }), "");
    }
    const linked = { [`${SITE}/a.egg-info`]: symlink("a-1.egg-info") };
    assert.equal(await problemsOf(linked), "", "a linked directory is no package");
  });

  it("knows the hash of a wheel by its RECORD, and none of one that was built on the spot", async () => {
    const hashes = async (tag: string): Promise<(string | undefined)[]> => {
      const { packages } = await captureOf({
        [`${SITE}/a-1.dist-info/METADATA`]: metadata("a", "1"),
        [`${SITE}/a-1.dist-info/RECORD`]: "a.py,sha256=AAAA,1\na-1.dist-info/RECORD,,\n",
        [`${SITE}/a-1.dist-info/WHEEL`]: `Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: ${tag}\n`,
        [`${SITE}/b-1.dist-info/METADATA`]: metadata("b", "1"),
      });
      return packages.map(({ hash }) => hash);
    };
    const expected = recordHash(Buffer.from("a.py,sha256=AAAA,1\n"));
    for (const tag of ["py3-none-any", "cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64"]) {
      assert.deepEqual(await hashes(tag), [expected, undefined]);
    }
    assert.deepEqual(await hashes("cp311-cp311-linux_x86_64"), [undefined, undefined]);
  });

  const LONG = "x".repeat(5 * 1024 * 1024);
  it("reads headers only, however long the text below them is", async () =>
    assert.equal(await problemsOf({ [`${SITE}/a-1.dist-info/METADATA`]: metadata("a", "1") + LONG }), ""));

  itReads(pythonDetector, {
    path: `${SITE}/six-1.16.0.dist-info/METADATA`,
    whole: METADATA,
    damaged: [
      ["empty", "", /has no Name/],
      ["cut inside the version", METADATA.slice(0, -3), /is cut: the line "Version: 1\.16" has no end/],
      ["cut before the version", METADATA.slice(0, METADATA.lastIndexOf("Version:")), /has no Version/],
      ["of two versions", "Name: a\nVersion: 1\nVersion: 2\n", /has Version twice/],
      ["with a prototype's name", "Name: __proto__\nVersion: 1\n", /impossible Name: "__proto__"/],
      ["with a blank in the version", "Name: a\nVersion: 1 2\n", /impossible Version/],
      ["with its headers below a blank line", "\nName: a\nVersion: 1\n", /has no Name/],
      ["not UTF-8", notUtf8("Name: ", "\nVersion: 1\n"), /./],
      ["JSON", '{"name":"six"}', /has no Name/],
      [
        "with endless headers",
        `Name: a\nVersion: 1\nDescription: ${LONG}\n`,
        /larger than the 4194304 bytes/,
      ],
    ],
  });
  const elsewhere: [path: string, beside?: Files][] = [
    ["usr/lib/python3/dist-packages/six-1.16.0.egg-info/PKG-INFO"],
    ["app/lib/six-1.16.0.dist-info/METADATA", { "app/lib/six-1.16.0.dist-info/INSTALLER": "pip\n" }],
  ];
  for (const [path, beside] of elsewhere) {
    itReads(pythonDetector, {
      path,
      whole: METADATA,
      beside,
      damaged: [
        ["empty", "", /has no Name/],
        ["cut inside the version", METADATA.slice(0, -3), /is cut/],
      ],
    });
  }
});

describe("recordHash", () => {
  const of = (...rows: string[]): string | null => recordHash(Buffer.from(rows.join("\n")));
  const CONTENT = [
    "a/__init__.py,sha256=AAAA,1",
    '"a/b,c.py",sha256=BBBB,2',
    "a-1.dist-info/METADATA,sha256=CCCC,3",
  ];

  it("is the same whatever the order, the line ends, the caches and the installer's notes", () => {
    const hash = of(...CONTENT);
    assert.match(hash ?? "", /^sha256:[0-9a-f]{64}$/);
    const noise = [
      "a/__pycache__/__init__.cpython-311.pyc,,",
      "a/__pycache__/__init__.cpython-312.pyc,sha256=DDDD,4",
      "a-1.dist-info/INSTALLER,sha256=EEEE,4",
      "a-1.dist-info/REQUESTED,sha256=FFFF,0",
      "a-1.dist-info/direct_url.json,sha256=GGGG,9",
      "a-1.dist-info/uv_cache.json,sha256=HHHH,9",
      "a-1.dist-info/WHEEL,sha256=IIII,9",
      "a-1.dist-info/RECORD,,",
    ];
    assert.equal(of(...noise, ...[...CONTENT].reverse(), ""), hash);
    assert.equal(recordHash(Buffer.from(CONTENT.join("\r\n"))), hash);
  });

  it("is another one for another file, another path, and one file more or less", () => {
    const [first = "", ...rest] = CONTENT;
    const all = [
      of(...CONTENT),
      of(first.replace("AAAA", "AAAB"), ...rest),
      of(first.replace("a/", "b/"), ...rest),
      of(...rest),
      of(...CONTENT, "a/c.py,sha256=JJJJ,1"),
    ];
    assert.equal(new Set(all).size, all.length);
  });

  it("is none where RECORD has no hash", () => {
    assert.equal(of(), null);
    assert.equal(of("a.py,,", "no row", "a-1.dist-info/INSTALLER,sha256=EEEE,4"), null);
  });
});

describe("parseMetadata", () => {
  it("reads folded headers, old encodings, and stops at a line that is no header, as Python does", () => {
    const text = "Name:\n\tfolded\nAuthor: J\xfcrgen\nVersion: 1\nDescription: a\nunindented\nVersion: 2\n";
    assert.deepEqual(parseMetadata(Buffer.from(text, "latin1")), { name: "folded", version: "1" });
  });
});
