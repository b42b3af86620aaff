import assert from "node:assert/strict";
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { zip } from "../../support/zip";

/** Reads a stored zip by its central directory, checking each local header against it. */
function unzip(bytes: Buffer): { path: string; content: Buffer }[] {
  const end = bytes.length - 22;
  assert.equal(bytes.readUInt32LE(end), 0x06054b50);
  let at = bytes.readUInt32LE(end + 16);
  assert.equal(at + bytes.readUInt32LE(end + 12), end);
  return Array.from({ length: bytes.readUInt16LE(end + 10) }, () => {
    assert.equal(bytes.readUInt32LE(at), 0x02014b50);
    const [size, nameLength, local] = [
      bytes.readUInt32LE(at + 24),
      bytes.readUInt16LE(at + 28),
      bytes.readUInt32LE(at + 42),
    ];
    const path = bytes.toString("ascii", at + 46, at + 46 + nameLength);
    assert.equal(bytes.readUInt32LE(local), 0x04034b50);
    assert.deepEqual(bytes.subarray(local + 4, local + 30), bytes.subarray(at + 6, at + 32));
    const content = bytes.subarray(local + 30 + nameLength, local + 30 + nameLength + size);
    assert.equal(bytes.readUInt32LE(at + 16), crc32(content));
    at += 46 + nameLength;
    return { path, content };
  });
}

describe("zip", () => {
  it("gives back every entry, in order, with a right checksum", () => {
    const entry = fc.record(
      {
        path: fc.stringMatching(/^[a-z]{1,8}(\/[a-z]{1,8})?$/),
        content: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 6 }), (entries) =>
        assert.deepEqual(unzip(zip(entries)), entries),
      ),
    );
  });

  it("gives the same bytes for the same entries", () => {
    assert.deepEqual(zip([{ path: "a", content: "b" }]), zip([{ path: "a", content: "b" }]));
  });
});
