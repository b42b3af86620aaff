import assert from "node:assert/strict";
import { schemed, withoutUserinfo } from "../../../provider/engines/docker/endpoint";
import {
  baseUrl,
  hostnameOf,
  hostOfEndpoint,
  releaseBase,
  stagingBase,
} from "../../../provider/stage/address";
import { StagingUnlocatedError } from "../../../provider/stage/errors";

describe("where staging answers", () => {
  it("is this host for an engine on it", () => {
    for (const endpoint of ["unix:///run/docker.sock", "tcp://localhost:2375", "npipe:////./pipe/docker"]) {
      assert.deepEqual(hostOfEndpoint(endpoint), { address: "127.0.0.1" });
    }
  });

  it("is the host of any other endpoint, and for ssh what its configuration has", () => {
    assert.deepEqual(hostOfEndpoint("tcp://10.0.0.7:2376"), { address: "10.0.0.7" });
    assert.deepEqual(hostOfEndpoint("tcp://[fe80::1]:2376"), { address: "fe80::1" });
    assert.deepEqual(hostOfEndpoint("ssh://me@build:22/run/docker.sock"), { alias: "build" });
    assert.equal(hostOfEndpoint("ssh://me:secret@build"), null);
    assert.deepEqual(hostOfEndpoint("tcp://me:secret@10.0.0.7:2376"), { address: "10.0.0.7" });
    assert.equal(hostOfEndpoint("nonsense"), null);
    assert.equal(hostOfEndpoint("tcp://:2375"), null);
    assert.equal(hostnameOf("host build\nuser me\nhostname 10.0.0.8\nport 22\n"), "10.0.0.8");
    assert.equal(hostnameOf("user me\n"), null);
  });

  describe("of an engine that only the environment names", () => {
    const before = process.env.DOCKER_HOST;
    afterEach(() => {
      if (before === undefined) delete process.env.DOCKER_HOST;
      else process.env.DOCKER_HOST = before;
    });

    it("is that engine's host, with or without a scheme", async () => {
      process.env.DOCKER_HOST = "tcp://10.0.0.5:2375";
      assert.equal(await stagingBase(undefined, undefined, 8501), "http://10.0.0.5:8501");
      process.env.DOCKER_HOST = "10.0.0.5:2375";
      assert.equal(await stagingBase(undefined, undefined, 8501), "http://10.0.0.5:8501");
      assert.equal(await releaseBase(undefined, undefined, 8501), "http://10.0.0.5:8501");
    });

    it("is not guessed when it names no host, unless there is an address", async () => {
      process.env.DOCKER_HOST = "tcp://:2375";
      await assert.rejects(stagingBase(undefined, undefined, 8501), (error: unknown) => {
        assert.ok(error instanceof StagingUnlocatedError);
        assert.match(error.message, /give staging\.address/);
        return true;
      });
      assert.equal(await stagingBase(undefined, "build", 8501), "http://build:8501");
    });

    it("is this host for a release without any, which its slot sees to", async () => {
      delete process.env.DOCKER_HOST;
      const { DOCKER_CONTEXT } = process.env;
      process.env.DOCKER_CONTEXT = "no-such-context";
      try {
        assert.equal(await releaseBase(undefined, null, 8501), "http://127.0.0.1:8501");
        await assert.rejects(stagingBase(undefined, null, 8501), /no-such-context/);
      } finally {
        if (DOCKER_CONTEXT === undefined) delete process.env.DOCKER_CONTEXT;
        else process.env.DOCKER_CONTEXT = DOCKER_CONTEXT;
      }
    });
  });

  it("is shown without anybody's password", () => {
    assert.equal(schemed("10.0.0.5:2375"), "tcp://10.0.0.5:2375");
    assert.equal(schemed("unix:///run/docker.sock"), "unix:///run/docker.sock");
    assert.equal(withoutUserinfo("tcp://me:hunter2@build:2375"), "tcp://build:2375");
    assert.equal(withoutUserinfo("ssh://me:hunter2@build:22"), "ssh://me@build:22");
    assert.equal(withoutUserinfo("ssh://me@build:22"), "ssh://me@build:22");
    assert.equal(withoutUserinfo("unix:///run/a@b.sock"), "unix:///run/a@b.sock");
    assert.equal(withoutUserinfo('at "tcp://me:hunter2@build:1".'), 'at "tcp://build:1".');
  });

  it("is a URL, with brackets for IPv6", () => {
    assert.equal(baseUrl("build.example", 8501), "http://build.example:8501");
    assert.equal(baseUrl("::1", 8501), "http://[::1]:8501");
  });
});
