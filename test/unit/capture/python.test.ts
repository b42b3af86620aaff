import assert from "node:assert/strict";
import { parseMetadata } from "../../../provider/capture/python/metadata";
import { brief, captureOf, DIRECTORY, problemsOf } from "./archive-builder";

const SITE = "usr/local/lib/python3.11/site-packages";
const metadata = (name: string, version: string): string =>
  `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\nSummary: text\n\nName: not a header\n`;

describe("the python detector", () => {
  it("finds packages in every environment, one name at two roots included", async () => {
    const capture = await captureOf([
      [`${SITE}/Foo_Bar-1.0.dist-info/METADATA`, metadata("Foo._Bar", "1.0")],
      [`${SITE}/Foo_Bar-1.0.dist-info/INSTALLER`, "pip\n"],
      ["opt/venv/lib/python3.12/site-packages/foo_bar-2.0.dist-info/METADATA", metadata("foo-bar", "2.0")],
      ["opt/venv/lib/python3.12/site-packages/foo_bar-2.0.dist-info/INSTALLER", "uv"],
      ["root/.local/lib/python3.11/site-packages/user-3.dist-info/METADATA", metadata("user", "3")],
      ["usr/lib/python3/dist-packages/old-1.egg-info/PKG-INFO", metadata("old", "1")],
      ["usr/lib/python3/dist-packages/older-1.egg-info", metadata("older", "1!1.0+local")],
      ["usr/lib/python3/dist-packages/egg-1-py3.11.egg/EGG-INFO/PKG-INFO", metadata("egg", "1")],
      ["function/target-4.dist-info/METADATA", metadata("target", "4").replaceAll("\n", "\r\n")],
    ]);
    assert.deepEqual(brief(capture), [
      "pip:target@4 in /function",
      "pip:foo-bar@2.0 in /opt/venv/lib/python3.12/site-packages",
      "pip:user@3 in /root/.local/lib/python3.11/site-packages",
      "pip:egg@1 in /usr/lib/python3/dist-packages",
      "pip:old@1 in /usr/lib/python3/dist-packages",
      "pip:older@1!1.0+local in /usr/lib/python3/dist-packages",
      `pip:foo-bar@1.0 in /${SITE}`,
    ]);
    const installers = capture.packages
      .map(({ installer }) => installer)
      .filter((word) => word !== undefined);
    assert.deepEqual(installers, ["uv", "pip"]);
    assert.deepEqual(capture.detectors["python"], { state: "found", count: 7 });
  });

  it("leaves out vendored copies, source trees, caches and failed uninstalls", async () => {
    const capture = await captureOf([
      [`${SITE}/setuptools/_vendor/a-1.dist-info/METADATA`, metadata("a", "1")],
      [`${SITE}/pkg/bundled/b-1.dist-info/METADATA`, metadata("b", "1")],
      ["srv/_vendor/c-1.dist-info/METADATA", metadata("c", "1")],
      ["src/project/d.egg-info/PKG-INFO", metadata("d", "1")],
      [`${SITE}/~ip-23.dist-info/METADATA`, metadata("pip", "23")],
      ["root/.cache/uv/archive-v0/x/e-1.dist-info/METADATA", metadata("e", "1")],
      ["uv/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55"],
      ["uv/archive-v0/x/f-1.dist-info/METADATA", metadata("f", "1")],
    ]);
    assert.deepEqual(brief(capture), []);
    assert.deepEqual(capture.detectors["python"], { state: "absent" });
  });

  it("counts an environment below a cache tag, as tools tag environments", async () => {
    const capture = await captureOf([
      ["venv/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55"],
      ["venv/lib/site-packages/a-1.dist-info/METADATA", metadata("a", "1")],
    ]);
    assert.deepEqual(brief(capture), ["pip:a@1 in /venv/lib/site-packages"]);
  });

  it("keeps both of one name with two versions in one place", async () => {
    const capture = await captureOf([
      [`${SITE}/a-1.dist-info/METADATA`, metadata("a", "1")],
      [`${SITE}/a-2.dist-info/METADATA`, metadata("a", "2")],
    ]);
    assert.deepEqual(brief(capture), [`pip:a@1 in /${SITE}`, `pip:a@2 in /${SITE}`]);
  });

  it("fails by name for damaged metadata", async () => {
    const damaged: [string, RegExp][] = [
      ["", /has no Name/],
      ["Metadata-Version: 2.1\nName: a\n", /has no Version/],
      ["Name: a\nVersion: 1.", /is cut: the line "Version: 1\." has no end/],
      ["Name: a\nVersion: 1\nVersion: 2\n", /has Version twice/],
      ["Name: __proto__\nVersion: 1\n", /impossible Name: "__proto__"/],
      ["Name: a\nVersion: 1 2\n", /impossible Version/],
      ["\nName: a\nVersion: 1\n", /has no Name/],
    ];
    for (const [text, expected] of damaged) {
      const problems = await problemsOf([[`${SITE}/a-1.dist-info/METADATA`, text]]);
      assert.match(problems, /^python can't say what is installed: "\/usr\/local\/lib/, text);
      assert.match(problems, expected, text);
    }
  });

  it("fails for a dist-info or egg-info directory without metadata", async () => {
    for (const name of ["a-1.dist-info", "a-1.egg-info"]) {
      assert.match(await problemsOf([[`${SITE}/${name}/`, DIRECTORY]]), /^python .*has no metadata file/);
      assert.equal(await problemsOf([[`elsewhere/${name}/`, DIRECTORY]]), "");
    }
    const linked = { symlink: "a-1.egg-info" };
    assert.equal(await problemsOf([[`${SITE}/a.egg-info`, linked]]), "", "a linked directory is no package");
  });

  it("reads headers only, however long the text below them is", async () => {
    const long = `${metadata("a", "1")}${"x".repeat(5 * 1024 * 1024)}`;
    assert.equal(await problemsOf([[`${SITE}/a-1.dist-info/METADATA`, long]]), "");
    const headers = `Name: a\nVersion: 1\nDescription: ${"x".repeat(5 * 1024 * 1024)}\n`;
    assert.match(
      await problemsOf([[`${SITE}/a-1.dist-info/METADATA`, headers]]),
      /^python .*larger than the 4194304 bytes/,
    );
  });
});

describe("parseMetadata", () => {
  it("reads folded headers, old encodings, and stops at a line that is no header, as Python does", () => {
    const text = "Name:\n\tfolded\nAuthor: J\xfcrgen\nVersion: 1\nDescription: a\nunindented\nVersion: 2\n";
    assert.deepEqual(parseMetadata(Buffer.from(text, "latin1")), { name: "folded", version: "1" });
  });
});
