import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load } from "./load";

interface Which {
  findAll(name: string, searchPath: string): string[];
}
interface SearchPath {
  extendedPath(searchPath: string, tools: object): string;
  linkFolder(cache: string, docker: string): string;
}

describe("scripts: the search path", () => {
  let which: Which;
  let paths: SearchPath;
  let root: string;
  before(async () => {
    which = await load("setup/which.mjs");
    paths = await load("setup/search-path.mjs");
  });
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "scripts-path-"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function tool(folder: string, name: string) {
    mkdirSync(join(root, folder), { recursive: true });
    const file = join(root, folder, name);
    writeFileSync(file, "#!/bin/sh\n");
    chmodSync(file, 0o755);
    return file;
  }
  const joined = (...folders: string[]) => folders.map((folder) => join(root, folder)).join(":");

  it("finds every executable once, in order, without relative folders and plain files", () => {
    const first = tool("a", "docker");
    const second = tool("b", "docker");
    mkdirSync(join(root, "c/docker"), { recursive: true });
    mkdirSync(join(root, "d"));
    symlinkSync(first, join(root, "d/docker"));
    mkdirSync(join(root, "e"));
    writeFileSync(join(root, "e/docker"), "");
    assert.deepEqual(which.findAll("docker", `.:${joined("a", "b", "c", "d", "e", "a")}:relative`), [
      first,
      second,
    ]);
    assert.deepEqual(which.findAll("podman", joined("a", "b")), []);
  });

  it("adds nothing in front for tools that are first already", () => {
    const pulumi = tool("a", "pulumi");
    const docker = tool("b", "docker");
    const tools = { pulumi, docker, dockerFolder: () => assert.fail("not needed"), launcherFolder: "/sdk" };
    assert.equal(paths.extendedPath(joined("a", "b"), tools), `${joined("a", "b")}:/sdk`);
  });

  it("puts the chosen tools before others of the same name", () => {
    const pulumi = tool("cache", "pulumi");
    tool("a", "docker");
    const docker = tool("b", "docker");
    const cache = join(root, "cache");
    const tools = {
      pulumi,
      docker,
      dockerFolder: () => paths.linkFolder(cache, docker),
      launcherFolder: "/sdk",
    };
    const path = paths.extendedPath(joined("a", "b"), tools);
    assert.equal(which.findAll("pulumi", path)[0], pulumi);
    assert.equal(readlinkSync(which.findAll("docker", path)[0] ?? ""), docker);
    assert.equal(paths.linkFolder(cache, docker), paths.linkFolder(cache, docker));
  });
});
