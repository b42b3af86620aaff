import assert from "node:assert/strict";
import { chmodSync, mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { environment, remember } from "../../../scripts/setup/environment.mjs";
import { findAll } from "../../../scripts/setup/programs.mjs";
import { ownFolder } from "../../support/own-folder";

describe("scripts: the search path", () => {
  const at = ownFolder();

  function tool(folder: string, name: string) {
    mkdirSync(at(folder), { recursive: true });
    const file = at(folder, name);
    writeFileSync(file, "#!/bin/sh\n");
    chmodSync(file, 0o755);
    return file;
  }
  const joined = (...folders: string[]) => folders.map((folder) => at(folder)).join(":");

  it("finds every executable once, in order, without relative folders and plain files", () => {
    const first = tool("a", "docker");
    const second = tool("b", "docker");
    mkdirSync(at("c/docker"), { recursive: true });
    mkdirSync(at("d"));
    symlinkSync(first, at("d/docker"));
    mkdirSync(at("e"));
    writeFileSync(at("e/docker"), "");
    assert.deepEqual(findAll("docker", `.:${joined("a", "b", "c", "d", "e", "a")}:relative`), [
      first,
      second,
    ]);
    assert.deepEqual(findAll("podman", joined("a", "b")), []);
  });

  it("puts the chosen tools before others of the same name, and nothing else", () => {
    const pulumi = tool("a", "pulumi");
    const docker = tool("a", "docker");
    tool("a", "other");
    tool("b", "docker");
    const other = tool("b", "other");
    const project = at("project");
    remember(project, { pulumi, docker }, {});
    const { env } = environment({ project, env: { PATH: joined("b", "a") } });
    const first = (name: string) => findAll(name, env.PATH)[0] ?? "";
    assert.equal(realpathSync(first("pulumi")), pulumi);
    assert.equal(realpathSync(first("docker")), docker);
    assert.equal(first("other"), other);
    const launchers = `${joined("a")}:${join(project, "node_modules/@pulumi/pulumi")}`;
    assert.ok(env.PATH.endsWith(`:${joined("b", "a")}:${launchers}`));
  });

  it("takes the tools of the last set-up, and says so when one has gone", () => {
    const project = at("project");
    const gone = /The set-up has not run here, or a tool has gone since: run `npm run setup`/;
    assert.throws(() => environment({ project }), gone);
    const docker = tool("a", "docker");
    remember(project, { pulumi: tool("a", "pulumi"), docker }, {});
    remember(project, { pulumi: tool("b", "pulumi"), docker }, {});
    assert.equal(realpathSync(environment({ project }).pulumi), at("b/pulumi"));
    rmSync(docker);
    assert.throws(() => environment({ project }), gone);
  });

  it("selects the engine of the set-up, unless the user has chosen another one since", () => {
    const project = at("project");
    const tools = { pulumi: tool("a", "pulumi"), docker: tool("a", "docker") };
    remember(project, tools, { DOCKER_HOST: "unix:///own.sock", DOCKER_CONFIG: at("own") });
    const host = (env: NodeJS.ProcessEnv) => {
      const selected: NodeJS.ProcessEnv = environment({ project, env }).env;
      return selected.DOCKER_HOST;
    };
    assert.equal(host({}), "unix:///own.sock");
    assert.equal(host({ DOCKER_HOST: "tcp://other:2376" }), "tcp://other:2376");
    assert.equal(host({ DOCKER_CONTEXT: "other" }), undefined);
    remember(project, tools, {});
    assert.equal(host({}), undefined);
  });
});
