import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { isEmptyCapture } from "../../../../provider/packages/capture/judge";
import { notCapturedLines } from "../../../../provider/packages/capture/outside/not-captured";
import { goPackages } from "../../../../provider/packages/capture/programs/go";
import { programReader, type ProgramFindings } from "../../../../provider/packages/capture/programs/program";
import { each } from "../../../support/each";
import { inShort } from "../in-short";
import { brief, captureOf, filesOf, hardLink } from "./archive-builder";
import { elf } from "./elf-builder";

const fixture = (name: string): Buffer => readFileSync(join(__dirname, "fixtures", name));
const GO = fixture("go-build-info.bin");
const CRATES = fixture("dep-v0.bin");
const TEXT = Buffer.alloc(5000, "text");
const MAGIC = GO.subarray(0, 16);

/** What a program says, read in pieces of `size` bytes. */
function read(program: Buffer, size = 4000): ProgramFindings | null {
  let found: ProgramFindings | null = null;
  const sink = programReader("/bin/x", (findings) => (found = findings));
  for (let at = 0; at < program.length; at += size) sink.chunk(program.subarray(at, at + size));
  sink.end();
  return found;
}

/** The same in short: packages, or the language whose list can't be read, or nothing. */
function said(program: Buffer, size?: number): string[] {
  const { packages = [], unread = null } = read(program, size) ?? {};
  return [...packages.map(inShort), ...(unread === null ? [] : [`unread ${unread}`])];
}

const goProgram = (...data: Buffer[]): Buffer =>
  elf({ segments: [{ bytes: TEXT }, { bytes: Buffer.concat(data), writable: true }] });
const rustProgram = (section: Buffer, lie = {}): Buffer =>
  elf({
    segments: [{ bytes: TEXT }],
    sections: { ".comment": TEXT, ".dep-v0": section, ".symtab": TEXT },
    lie,
  });
const SUM = "h1:ScX5w1eTa3QqT8oi6+ziP7dTV1S2+ALU0bI+0zXKWiQ=";
const TOOL = ["go:stdlib@go1.26.8 in /bin/x", `go:golang.org/x/text@v0.14.0 in /bin/x #${SUM}`];
const HELLO = ["cargo:hello@0.3.0 in /bin/x", "cargo:itoa@1.0.11 in /bin/x"];
const GAP = Buffer.alloc(16);
const OLD = goProgram(MAGIC.subarray(0, 15), Buffer.alloc(400));
const NO_LIST = deflateSync('{"packages":[{"name":"a"}]}');
const BOMB = deflateSync(Buffer.alloc(9 * 1024 * 1024));

describe("the modules of a program", () => {
  each<readonly [string, Buffer, readonly string[]]>("%s", [
    ["are listed by a Go program", goProgram(GO), TOOL],
    ["are found anywhere in what is written", goProgram(TEXT, Buffer.alloc(8), GO, TEXT), TOOL],
    ["are found behind what only looks like them", goProgram(MAGIC, GAP, MAGIC, GAP, GO), TOOL],
    ["are not those of a program that this one carries as data", elf({ segments: [{ bytes: GO }] }), []],
    ["do not begin between two places", goProgram(Buffer.alloc(8), GO), []],
    ["are unread in a Go program of before 1.18", OLD, ["unread Go"]],
    ["are none where the list is cut", goProgram(GO.subarray(0, 100)), []],
    ["are none where the list is too long", goProgram(GO.subarray(0, 41), Buffer.alloc(400, 0xff)), []],
    ["are listed by a program of cargo auditable", rustProgram(CRATES), HELLO],
    ["are unread where they are no compressed text", rustProgram(TEXT), ["unread Rust"]],
    ["are unread where they grow without end", rustProgram(BOMB), ["unread Rust"]],
    ["are unread where they are no list", rustProgram(NO_LIST), ["unread Rust"]],
    ["are unread beyond the end of the file", rustProgram(CRATES, { sectionSize: 2 ** 40 }), ["unread Rust"]],
    ["are none without a list of sections", rustProgram(CRATES, { sectionList: 2 ** 50 }), []],
    ["are none with more sections than there can be", rustProgram(CRATES, { sectionCount: 65_535 }), []],
    ["are none of a program that says nothing", elf({ segments: [{ bytes: TEXT, writable: true }] }), []],
    ["are none of a file that is cut", elf({}).subarray(0, 40), []],
    ["are none of another file", Buffer.concat([TEXT, GO, CRATES]), []],
  ])((_, program, expected) => {
    for (const size of [1, 13, 100, 4096, 1e6]) assert.deepEqual(said(program, size), expected);
  });

  it("are those that run: a module that another one replaced is that one, and a directory has no version", () => {
    const lines = `path example.com/tool
mod example.com/tool v1.2.3 h1:a=
dep example.com/a v1.0.0
=> example.com/fork v1.0.1 h1:b=
dep example.com/b v1.0.0 h1:c=
=> ./b (devel)${" "}
build mod v9`;
    const modules = lines.replaceAll(" ", "\t");
    const packages = goPackages({ version: "devel go1.27-abc Thu Jan 1", modules }, "/t");
    assert.deepEqual(packages.map(inShort), [
      ...["go:stdlib@go1.27-abc in /t", "go:example.com/tool@v1.2.3 in /t #h1:a="],
      ...["go:example.com/fork@v1.0.1 in /t #h1:b=", "go:example.com/b@(devel) in /t"],
    ]);
    for (const wrong of ["dep\t\tv1", "=>\ta\tv1", "dep\ta b\tv1", "dep\ta\tv 1"]) {
      assert.throws(() => goPackages({ version: "go1.22", modules: wrong }, "/t"), /module/);
    }
  });

  it("are in the capture, under the program's first name, beside what can't be read", async () => {
    const capture = await captureOf({
      "usr/bin/old": OLD,
      "usr/bin/tool": goProgram(GO),
      "usr/bin/zz": hardLink("usr/bin/tool"),
    });
    assert.deepEqual(brief(capture), [
      "go:golang.org/x/text@v0.14.0 in /usr/bin/tool",
      "go:stdlib@go1.26.8 in /usr/bin/tool",
    ]);
    const unread = "not captured: modules of Go programs whose own list can't be read (/usr/bin/old)";
    assert.deepEqual(notCapturedLines(capture.notCaptured), [unread]);
    assert.deepEqual(capture.detectors.programs, { state: "found", count: 2 });
    assert.equal(isEmptyCapture(capture), true, "such an image is still compared by its files");
    const status = filesOf("var/lib/dpkg/; app/node_modules/a has npm:a@1.0.0");
    assert.equal(isEmptyCapture(await captureOf(status, { x: goProgram(GO) })), false);
  });
});
