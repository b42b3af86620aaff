import assert from "node:assert/strict";
import type { ComposeModel } from "../../../provider/engines/compose";
import { createArguments } from "../../../provider/engines/docker/containers";
import * as compose from "../../../provider/stage/compose-model";
import { mapModel } from "../../../provider/stage/compose-paths";
import { readBefore, writeBefore } from "../../../provider/stage/release";
import { pathOnHost } from "../../../provider/stage/worktree-path";
import { each } from "../../support/each";
import { properties } from "../said";

describe("a path of a work tree that the engine's host sees elsewhere", () => {
  const map = { worktree: "/workspace/app", onHost: "/srv/app" };
  each("%s", [
    ["the tree itself", "/workspace/app", "/srv/app"],
    ["with a trailing slash", "/workspace/app/", "/srv/app"],
    ["below it", "/workspace/app/data", "/srv/app/data"],
    ["far below it", "/workspace/app/a/b/c.txt", "/srv/app/a/b/c.txt"],
    ["with steps back that stay in it", "/workspace/app/a/../b", "/srv/app/b"],
    ["whose name begins with dots", "/workspace/app/..data", "/srv/app/..data"],
    ["beside it, with a name that begins alike", "/workspace/app-other/x", null],
    ["above it", "/workspace", null],
    ["out of it by steps back", "/workspace/app/../other", null],
    ["the root", "/", null],
  ])((_, path, expected) => assert.equal(pathOnHost(path, map), expected));

  it("does not mind trailing slashes of the two trees", () =>
    assert.equal(pathOnHost("/w/x/y", { worktree: "/w/", onHost: "/h//" }), "/h/x/y"));
  it("can be the root on either side", () => {
    assert.equal(pathOnHost("/x", { worktree: "/", onHost: "/h" }), "/h/x");
    assert.equal(pathOnHost("/w", { worktree: "/w", onHost: "/" }), "/");
  });
});

const MODEL: ComposeModel = {
  name: "app",
  services: {
    web: {
      profiles: ["staging"],
      image: "nothing",
      build: { context: "." },
      container_name: "web-staging",
      ports: [{ target: 8000, published: "8501", protocol: "tcp" }],
      volumes: [
        { type: "bind", source: "./data", target: "/data" },
        { type: "bind", source: "../out", target: "/out" },
        { type: "bind", source: "/w/app/abs", target: "/abs" },
        { type: "bind", source: "/var/run", target: "/run" },
        { type: "bind", source: "~/home", target: "/home" },
        { type: "volume", source: "./not-a-path", target: "/v" },
      ],
      environment: { KEPT: "$$x" },
      labels: { own: "yes" },
    },
    other: { volumes: [{ type: "bind", source: "./data", target: "/data" }] },
  },
  networks: { default: { name: "app_default" }, fresh: { name: "app_fresh", driver: "bridge" } },
  volumes: { bound: { name: "app_bound", driver_opts: { type: "none", o: "bind", device: "./vol" } } },
  secrets: { s: { name: "app_s", file: "./secret" } },
};

describe("a compose model", () => {
  const { model, outside } = mapModel(MODEL, "web", "/w/app", { worktree: "/w/app", onHost: "/srv/app" });

  it("has the service's paths as the engine's host has them, and no others", () => {
    const sources = (model.services.web?.volumes ?? []).map(({ source }) => source);
    const mapped = ["/srv/app/data", "../out", "/srv/app/abs", "/var/run", "~/home", "./not-a-path"];
    assert.deepEqual(sources, mapped);
    assert.deepEqual(model.services.other, MODEL.services.other);
    assert.equal(model.secrets?.s?.file, "/srv/app/secret");
    assert.equal(model.volumes?.bound?.driver_opts?.device, "/srv/app/vol");
  });
  it("names the paths that are not in the work tree", () =>
    assert.deepEqual(outside, ["a volume of web is ../out"]));

  it("is made the release's: image, labels and environment, literally; what is there stays as it is", () => {
    const made = compose.releaseModel(MODEL, {
      service: "web",
      imageId: "sha256:1",
      env: { ODD: "a $b $$c ${d}" },
      labels: { urn: "a$b" },
      existing: { networks: new Set(["app_default"]), volumes: new Set() },
    });
    const { web } = made.services;
    assert.equal(web?.image, "sha256:1");
    assert.equal(web.pull_policy, "never");
    assert.deepEqual([web.build, web.container_name], [undefined, undefined]);
    assert.deepEqual(web.environment, { KEPT: "$$x", ODD: "a $$b $$$$c $${d}" });
    assert.deepEqual(web.labels, { own: "yes", urn: "a$$b" });
    assert.deepEqual(made.networks?.default, { name: "app_default", external: true });
    assert.deepEqual(made.networks.fresh, MODEL.networks?.fresh);
  });

  it("is another one when the service changes, and not when only its image does", () => {
    const changed = (more: object): unknown =>
      compose.serviceSettings({ ...MODEL, services: { web: { ...MODEL.services.web, ...more } } }, "web");
    assert.deepEqual(changed({ image: "other", build: null }), compose.serviceSettings(MODEL, "web"));
    assert.notDeepEqual(changed({ environment: {} }), compose.serviceSettings(MODEL, "web"));
  });

  it("fits a release, or says all that is wrong at once", () => {
    const wish = { file: "c.yaml", service: "web", profile: "staging", name: "web-staging", port: 8501 };
    assert.deepEqual(compose.composeFailures(MODEL, { ...wish, containerPort: 8000 }), []);
    const other = { ...wish, profile: "other", name: "x", port: 9, production: { port: 8501 } };
    const wrong = ["staging.compose.profile", "staging.name", "staging.compose.service", "staging.port"];
    assert.deepEqual(properties(compose.composeFailures(MODEL, other)), wrong);
    const inside = compose.composeFailures(MODEL, { ...wish, containerPort: 9 });
    assert.deepEqual(properties(inside), ["staging.containerPort"]);
  });

  it("publishes a port alone or in a range; one that is left to the engine, or of UDP, is none", () => {
    const has = (published: string | number | null, port: number, protocol = "tcp"): boolean =>
      compose.publishes({ target: 1, published, protocol }, port);
    const exactly = (published: string | number): boolean =>
      compose.publishesExactly({ target: 1, published, protocol: "tcp" }, 8501);
    assert.deepEqual(["8501", 8501, "8500-8502", ""].filter(exactly), ["8501", 8501]);
    assert.ok(has("8501", 8501) && has(8501, 8501) && has("8500-8502", 8501));
    const others = [has("8501", 850), has("", 0), has(null, 8501), has("8501", 8501, "udp")];
    assert.deepEqual(others, [false, false, false, false]);
  });
});

describe("what a container's label says of what was set aside", () => {
  const before = [
    { id: "a".repeat(64), name: "web", running: true },
    { id: "b".repeat(64), name: "web", running: false },
  ];
  it("is read as it was written", () => assert.deepEqual(readBefore(writeBefore(before), "web"), before));
  it("is nothing when there is none, or another text", () => {
    assert.deepEqual(readBefore(undefined, "web"), []);
    assert.deepEqual(readBefore("aaaa running", "web"), []);
  });
});

describe("the command that makes a container", () => {
  it("has no value of the environment in it, but for those that would steer the client", () => {
    const names = ["SECRET", "GOOGLE_API_KEY", "DOCKER_PASSWORD", "DOCKER_AUTH_CONFIG", "SSH_PRIVATE_KEY"];
    const secrets = Object.fromEntries(names.map((key) => [key, "word"]));
    const { args, env } = createArguments({
      name: "web",
      imageId: "sha256:1",
      ports: [{ external: 8501, internal: 8000 }],
      env: { ...secrets, DOCKER_HOST: "tcp://x", https_proxy: "p" },
      labels: { a: "b c" },
    });
    assert.deepEqual(env, secrets);
    assert.deepEqual(args, [
      ...["container", "create", "--name", "web", "--publish", "8501:8000"],
      ...[...names, "DOCKER_HOST=tcp://x", "https_proxy=p"].flatMap((word) => ["--env", word]),
      ...["--label", "a=b c", "sha256:1"],
    ]);
  });
});
