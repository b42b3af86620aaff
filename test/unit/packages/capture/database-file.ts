import assert from "node:assert/strict";
import type { Detector } from "../../../../provider/packages/capture/detector";
import { track } from "../../../../provider/packages/capture/tracker";
import { fileTree } from "../../../../provider/packages/capture/tree/file-tree";
import { type Content, DEVICE, type Files, PIPE, problemsOf, symlink } from "./archive-builder";

interface DatabaseFile {
  path: string;
  whole: Content;
  damaged: readonly (readonly [how: string, content: Content, reason: RegExp])[];
  /** Entries without which nobody would read the file. */
  beside?: Files;
}

/** What holds of every file that a detector reads; `damaged` has what is wrong with which content. */
export function itReads<T>(detector: Detector<T>, { path, whole, damaged, beside = {} }: DatabaseFile): void {
  const short = path.split("/").slice(-2).join("/");
  const says = async (content: Content): Promise<string> => problemsOf(beside, { [path]: content });
  const assertNamed = (problem: string): void =>
    assert.ok(problem.startsWith(`${detector.name} can't say what is installed: "/${path}" `), problem);

  it(`${short} is read when it is whole`, async () => assert.equal(await says(whole), ""));
  for (const [how, content, reason] of damaged) {
    it(`${short}, ${how}, fails with the name ${detector.name}, the path and the reason`, async () => {
      const problem = await says(content);
      assertNamed(problem);
      assert.match(problem, reason);
    });
  }

  it(`${short} fails as a link that leads nowhere, a pipe or a device`, async () => {
    for (const content of [symlink("/nowhere"), PIPE, DEVICE]) assertNamed(await says(content));
  });

  it(`${short} fails when it is larger than what is read of it`, () => {
    const tracker = track(detector);
    for (const [place, content] of Object.entries(beside)) {
      const sink = tracker.see(entry(`/${place}`, 4, typeof content === "string" ? "file" : "directory"));
      sink?.chunk(Buffer.from("pip\n"));
      sink?.end();
    }
    const { limit = 0, headersOnly = false } = detector.want(`/${path}`) ?? {};
    assert.ok(limit > 0);
    const sink = tracker.see(entry(`/${path}`, limit + 1));
    assert.equal(sink !== undefined, headersOnly, "only headers are read of a large file");
    sink?.chunk(Buffer.alloc(limit + 1, "a"));
    sink?.end();
    const { state } = tracker.conclude({ osRelease: null, tree: fileTree() });
    assert.equal(state.state, "error");
    assert.match(state.state === "error" ? state.reason : "", /is larger than the \d+ bytes/);
  });
}

/** An entry of an archive as a tracker sees it. */
export function entry(
  path: string,
  size: number,
  type: "file" | "directory" = "file",
): Parameters<ReturnType<typeof track>["see"]>[0] {
  return { path, type, size, mode: 0o644, target: "", device: { major: 0, minor: 0 } };
}
