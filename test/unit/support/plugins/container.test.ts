import assert from "node:assert/strict";
import { createArguments, updateArguments } from "../../../support/plugins/container-arguments";
import { containerChanges } from "../../../support/plugins/container-changes";
import {
  CHANGES,
  judgeContainer,
  withDefaults,
  type ContainerInputs,
} from "../../../support/plugins/container-inputs";
import { outputsOf, type Inspected } from "../../../support/plugins/container-state";
import { declaredInputs } from "../../../support/plugins/declared-inputs";
import { UNKNOWN, type Properties } from "../../../support/plugins/values";

const IMAGE = `sha256:${"a".repeat(64)}`;
const GIVEN = {
  name: "web",
  image: IMAGE,
  envs: ["B=2", "A=1"],
  ports: [
    { internal: 80, external: 8080 },
    { internal: 53, protocol: "udp" },
  ],
};
const PORTS = {
  "80/tcp": [{ HostIp: "0.0.0.0", HostPort: "8080" }],
  "53/udp": [{ HostIp: "0.0.0.0", HostPort: "49153" }],
};

function found(
  running: boolean,
  ports: Inspected["NetworkSettings"]["Ports"] = running ? PORTS : {},
): Inspected {
  return {
    Id: "1".repeat(64),
    Name: "/web",
    Image: IMAGE,
    State: { Running: running, ExitCode: 0 },
    Config: { Image: IMAGE, Hostname: "h", User: "", WorkingDir: "/srv", Cmd: ["run"], Entrypoint: null },
    HostConfig: { NetworkMode: "bridge", RestartPolicy: { Name: "no", MaximumRetryCount: 0 } },
    NetworkSettings: { Bridge: "", Ports: ports, Networks: {} },
  };
}

const changesOf = (old: Properties, inputs: Properties): object => containerChanges(old, inputs).properties;

describe("the stand-in for a container", () => {
  const inputs = withDefaults(GIVEN);
  const quiet = withDefaults({ ...GIVEN, start: false, mustRun: false });

  it("does only properties that are declared", () => {
    const declared = Object.keys(declaredInputs("@pulumi/docker", "container", "ContainerArgs").properties);
    assert.deepEqual(
      Object.keys(CHANGES).filter((name) => !declared.includes(name)),
      [],
    );
  });

  it("sees no difference in a container that is as wanted", () => {
    const old = outputsOf(found(true), inputs);
    assert.deepEqual(changesOf(old, inputs), {});
    assert.deepEqual(changesOf(old, { ...inputs, envs: ["A=1", "B=2"] }), {});
  });

  it("sees none in one that need not run: made only, started by somebody, stopped", () => {
    const made = outputsOf(found(false), quiet);
    assert.deepEqual(changesOf(made, quiet), {});
    const started = outputsOf(found(true), made);
    assert.deepEqual(changesOf(started, quiet), {});
    assert.deepEqual(changesOf(outputsOf(found(false), started), quiet), {});
  });

  it("sees that one stopped which has to run; its ports are gone with that, as the real plugin has it", () => {
    const stopped = outputsOf(found(false), outputsOf(found(true), inputs));
    assert.deepEqual(changesOf(stopped, inputs), { mustRun: "update", ports: "replace" });
    const portless = withDefaults({ name: "web", image: IMAGE });
    assert.deepEqual(changesOf(outputsOf(found(false), portless), portless), { mustRun: "update" });
  });

  const CASES: [claim: string, change: Properties, expected: object][] = [
    ["replaces for another image", { image: "other" }, { image: "replace" }],
    ["replaces for an image that is not known yet", { image: UNKNOWN }, { image: "replace" }],
    ["replaces for other ports", { ports: [] }, { ports: "replace" }],
    ["replaces for fewer variables", { envs: ["A=1"] }, { envs: "replace" }],
    ["replaces for no variables", { envs: [] }, { envs: "replace" }],
    ["leaves the variables that are not given what they are", { envs: undefined }, {}],
    ["replaces one that was renamed", { name: "other" }, { name: "replace" }],
    ["updates the restart policy", { restart: "always" }, { restart: "update" }],
  ];
  for (const [claim, change, expected] of CASES) {
    it(claim, () =>
      assert.deepEqual(changesOf(outputsOf(found(true), inputs), { ...inputs, ...change }), expected),
    );
  }

  it("hands everything to docker create", () => {
    const all: ContainerInputs = {
      ...GIVEN,
      ...withDefaults(GIVEN),
      name: "web",
      image: IMAGE,
      command: ["-c", "x"],
      entrypoints: ["tini", "--"],
      labels: [{ label: "l", value: "v=w" }],
      user: "1000",
      workingDir: "/w",
      hostname: "h",
      volumes: [{ containerPath: "/data", volumeName: "data", readOnly: true }],
      mounts: [{ type: "bind", source: "/a", target: "/b", readOnly: true }],
      restart: "on-failure",
      maxRetryCount: 3,
    };
    assert.equal(
      createArguments(all).join(" "),
      "create --name web --publish 0.0.0.0:8080:80/tcp --publish 0.0.0.0::53/udp --env B=2 --env A=1" +
        " --label l=v=w --volume data:/data:ro --mount type=bind,target=/b,source=/a,readonly" +
        " --network bridge --hostname h --user 1000 --workdir /w --restart on-failure:3" +
        ` --entrypoint tini ${IMAGE} -- -c x`,
    );
    assert.deepEqual(updateArguments("id", all), ["update", "--restart", "on-failure:3", "id"]);
  });

  it("refuses what it can't do, by name", () => {
    const failures = judgeContainer({
      ...GIVEN,
      healthcheck: {},
      mounts: [{ type: "tmpfs", target: "/t", tmpfsOptions: {} }],
      restart: "often",
    });
    assert.deepEqual(
      failures.map(({ property }) => property),
      ["healthcheck", "mounts[0].tmpfsOptions", "restart"],
    );
  });
});
