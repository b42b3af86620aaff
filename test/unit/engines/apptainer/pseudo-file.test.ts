import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { walkPseudoFile } from "../../../../provider/engines/apptainer/walk-pseudo-file";
import type { ArchiveEntry } from "../../../../provider/packages/capture/archive/entry";
import { CaptureError } from "../../../../provider/packages/capture/errors";

const START = "\n# START OF DATA - DO NOT MODIFY\n#\n";

/** What a walk sees of a list and the contents behind it, in pieces of a few bytes. */
async function seen(list: string, data = "", piece = 7): Promise<[ArchiveEntry, string][]> {
  const bytes = Buffer.from(list + START + data, "latin1");
  const pieces = Array.from({ length: Math.ceil(bytes.length / piece) }, (_, at) =>
    bytes.subarray(at * piece, (at + 1) * piece),
  );
  const found: [ArchiveEntry, string][] = [];
  await walkPseudoFile(
    Readable.from(pieces),
    (entry) => {
      const pair: [ArchiveEntry, string] = [entry, ""];
      found.push(pair);
      return { chunk: (part) => void (pair[1] += part.toString()), end: () => undefined };
    },
    { waiting: "nobody" },
  );
  return found;
}

const refused = (code: string, words: RegExp) => (error: unknown) =>
  error instanceof CaptureError && error.code === code && words.test(error.message);

describe("what unsquashfs lists of an image", () => {
  it("is read with kinds, modes, targets and contents", async () => {
    const list = [
      "/ D 1 755 0 0",
      "bin S 1 777 0 0 usr/bin",
      "dev/null C 1 666 0 0 1 3",
      "etc/a R 1 4755 0 0 3 0",
      "etc/b R 1 644 0 0 0 3",
      "etc/c R 1 600 0 0 2 3 1",
      "etc/d L etc/a",
      "run/pipe I 1 600 0 0 f",
      "run/socket I 1 600 0 0 s",
    ].join("\n");
    const facts = (await seen(list, "abcde")).map(([{ path, type, mode, target, device }, text]) =>
      [path, type, mode.toString(8), target, `${device.major}:${device.minor}`, text].join(" "),
    );
    assert.deepEqual(facts, [
      "/ directory 755  0:0 ",
      "/bin symlink 777 usr/bin 0:0 ",
      "/dev/null character-device 666  1:3 ",
      "/etc/a file 4755  0:0 abc",
      "/etc/b file 644  0:0 ",
      "/etc/c file 600  0:0 de",
      "/etc/d link 0 /etc/a 0:0 ",
      "/run/pipe fifo 600  0:0 ",
    ]);
  });

  it("has names with blanks, quotes, backslashes and bytes of any kind", async () => {
    const list =
      'a\\ b R 1 644 0 0 0 0\nc\\"d\\\\e R 1 644 0 0 0 0\n#f R 1 644 0 0 0 0\n\xc3\xa4\xff R 1 644 0 0 0 0';
    assert.deepEqual(
      (await seen(list)).map(([{ path }]) => path),
      ["/a b", '/c"d\\\\e', "/#f", "/ä\\xff"],
    );
  });

  for (const [claim, list, code, words] of [
    ["a path that leads out of it", "a/../../b R 1 644 0 0 0 0", "capture-malformed", /'\.\.' component/],
    ["a name with a line break", "a\nb R 1 644 0 0 0 0", "capture-malformed", /name with a line break/],
    ["a kind that nobody knows", "a Z 1 644 0 0", "capture-malformed", /is not understood/],
    ["a length that is no number", "a R 1 644 0 0 x 0", "capture-malformed", /its length/],
    ["a negative length", "a R 1 644 0 0 -1 0", "capture-malformed", /its length/],
    ["contents in another order", "a R 1 644 0 0 1 1", "capture-malformed", /another order/],
    ["more content than listed", "a R 1 644 0 0 0 0", "capture-malformed", /more content/],
    ["less content than listed", "a R 1 644 0 0 2 0", "capture-incomplete", /within the file "\/a"/],
  ] as const) {
    it(`is refused with ${claim}`, async () => {
      await assert.rejects(seen(list, "x"), refused(code, words));
    });
  }

  it("is refused when it ends within the list", async () => {
    const cut = Readable.from([Buffer.from("/ D 1 755 0 0\n# START OF")]);
    await assert.rejects(
      walkPseudoFile(cut, () => undefined, { waiting: "nobody" }),
      refused("capture-incomplete", /within the list/),
    );
  });
});
