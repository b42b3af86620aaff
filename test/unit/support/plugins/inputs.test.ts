import assert from "node:assert/strict";
import { declaredInputs } from "../../../support/plugins/declared-inputs";
import { judgeInputs } from "../../../support/plugins/judge-inputs";
import { UNKNOWN, type Properties } from "../../../support/plugins/values";

describe("declaredInputs", () => {
  it("reads the SDKs' own declarations: names, nesting, types, what is required", () => {
    const { properties } = declaredInputs("@pulumi/docker", "container", "ContainerArgs");
    assert.deepEqual(
      Object.keys(properties).filter((name) => properties[name]?.required),
      ["image"],
    );
    assert.deepEqual(properties.command?.shape, { kind: "list", of: { kind: "string" } });
    assert.deepEqual(properties.sysctls?.shape, { kind: "map", of: { kind: "string" } });
    const { ports } = properties;
    assert.ok(ports?.shape.kind === "list" && ports.shape.of.kind === "object");
    assert.deepEqual(ports.shape.of.properties, {
      external: { required: false, shape: { kind: "number" } },
      internal: { required: true, shape: { kind: "number" } },
      ip: { required: false, shape: { kind: "string" } },
      protocol: { required: false, shape: { kind: "string" } },
    });
  });

  it("reads namespaces and enumerations", () => {
    const { properties } = declaredInputs("@pulumi/command", "local/command", "CommandArgs");
    assert.deepEqual(properties.logging?.shape, {
      kind: "string",
      oneOf: ["stdout", "stderr", "stdoutAndStderr", "none"],
    });
    const remote = declaredInputs("@pulumi/command", "remote/command", "CommandArgs").properties;
    assert.equal(remote.connection?.required, true);
    assert.ok(
      remote.connection.shape.kind === "object" && "privateKey" in remote.connection.shape.properties,
    );
  });

  it("throws for what is not declared", () => {
    assert.throws(
      () => declaredInputs("@pulumi/docker", "container", "Nothing"),
      /declares no interface Nothing/,
    );
  });
});

describe("judgeInputs", () => {
  const command = declaredInputs("@pulumi/command", "local/command", "CommandArgs");
  const container = declaredInputs("@pulumi/docker", "container", "ContainerArgs");
  const paths = (inputs: Properties, declared = container): string[] =>
    judgeInputs(inputs, declared).map(({ property }) => property);

  it("passes what is declared, and what is not known yet", () => {
    const inputs = { image: "a", ports: [{ internal: 1 }], tmpfs: { "/tmp": "rw" }, start: false };
    assert.deepEqual(paths(inputs), []);
    assert.deepEqual(paths({ image: UNKNOWN, ports: UNKNOWN, labels: [UNKNOWN], start: UNKNOWN }), []);
    assert.deepEqual(paths({ triggers: [1, { a: null }] }, command), []);
  });

  it("names every unknown property, also nested ones and inherited names", () => {
    assert.deepEqual(paths({ image: "a", env: [], labels: [{ name: "x" }], toString: "x" }), [
      "env",
      "labels[0].label",
      "labels[0].value",
      "labels[0].name",
      "toString",
    ]);
  });

  it("names every wrong type", () => {
    const wrong = { image: 1, start: "yes", command: "sleep", tmpfs: [], sysctls: { a: 1 }, healthcheck: [] };
    assert.deepEqual(paths(wrong), ["image", "start", "command", "tmpfs", "sysctls.a", "healthcheck"]);
    assert.deepEqual(judgeInputs({ logging: "loud" }, command), [
      { property: "logging", reason: "expected one of stdout, stderr, stdoutAndStderr, none" },
    ]);
  });
});
