import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { extract } from "tar-stream";
import { buildDeb, controlParagraph } from "../../support/deb";

function arMembers(bytes: Buffer): Map<string, Buffer> {
  assert.equal(bytes.toString("ascii", 0, 8), "!<arch>\n");
  const members = new Map<string, Buffer>();
  for (let at = 8; at < bytes.length;) {
    const header = bytes.toString("ascii", at, at + 60);
    assert.equal(header.slice(58), "`\n");
    const size = Number(header.slice(48, 58));
    members.set(header.slice(0, 16).trim(), bytes.subarray(at + 60, at + 60 + size));
    at += 60 + size + (size % 2);
  }
  return members;
}

async function tarFiles(bytes: Buffer | undefined): Promise<Record<string, string>> {
  assert.ok(bytes);
  const reader = Readable.from(gunzipSync(bytes)).pipe(extract());
  const files: Record<string, string> = {};
  for await (const entry of reader) files[entry.header.name] = (await buffer(entry)).toString();
  return files;
}

describe("buildDeb", () => {
  it("makes the three members in the order that dpkg asks for", async () => {
    const members = arMembers(await buildDeb({ name: "own-tool", version: "1.0-1", content: "hello" }));
    assert.deepEqual([...members.keys()], ["debian-binary", "control.tar.gz", "data.tar.gz"]);
    assert.equal(await text(Readable.from([members.get("debian-binary")])), "2.0\n");
    const control = await tarFiles(members.get("control.tar.gz"));
    assert.match(
      control["./control"] ?? "",
      /^Package: own-tool\nVersion: 1\.0-1\nArchitecture: all\n[^]*\n$/,
    );
    assert.equal((await tarFiles(members.get("data.tar.gz")))["./usr/share/own-tool/content"], "hello");
  });

  it("gives the same bytes for the same package, and others for other content", async () => {
    const spec = { name: "own-tool", version: "1.0" };
    assert.deepEqual(await buildDeb(spec), await buildDeb(spec));
    assert.notDeepEqual(await buildDeb(spec), await buildDeb({ ...spec, content: "other" }));
  });
});

describe("controlParagraph", () => {
  it("has Depends only when there are any", () => {
    assert.doesNotMatch(controlParagraph({ name: "aa", version: "1" }), /Depends/);
    assert.match(
      controlParagraph({ name: "aa", version: "1", depends: ["bb (>= 2)", "cc"] }),
      /^Depends: bb \(>= 2\), cc$/m,
    );
  });
});
