import assert from "node:assert/strict";
import { takesSecretVariables } from "../../../provider/engines/frontend";

const takes = (buildkit: string | null, frontend: string | null = null): boolean =>
  takesSecretVariables({ driver: "docker", buildkit }, frontend);

describe("takesSecretVariables", () => {
  it("is sure of BuildKit from 0.16 on, with its own frontend", () => {
    for (const version of ["0.16.0", "0.16.0-rc1", "0.31.1", "0.31.1+unknown", "1.0.0"])
      assert.equal(takes(version), true, version);
    for (const version of ["0.8+unknown", "0.9.3", "0.15.2"]) assert.equal(takes(version), false, version);
  });

  it("is not sure where nobody says the version, or it is the engine's", () => {
    for (const version of [null, "", "master", "20.10.24", "28.0.1"])
      assert.equal(takes(version), false, String(version));
  });

  it("is sure of a frontend that the recipe names by a version, from 1.10 on", () => {
    for (const frontend of [
      "docker/dockerfile:1.10",
      "docker/dockerfile:1.10.0",
      "docker.io/docker/dockerfile:1.23.0-labs",
      "docker/dockerfile-upstream:1.11.1",
      "docker/dockerfile:2.0",
    ])
      assert.equal(takes("0.31.1", frontend), true, frontend);
  });

  it("is not sure of an older or floating one, of a digest, nor of anybody else's", () => {
    for (const frontend of [
      "docker/dockerfile",
      "docker/dockerfile:1",
      "docker/dockerfile:1.9",
      "docker/dockerfile:1.9.0-labs",
      "docker/dockerfile:labs",
      `docker/dockerfile:1.10@sha256:${"a".repeat(64)}`,
      "registry.example/docker/dockerfile:1.10",
      "example/frontend:1.10",
      "",
    ])
      assert.equal(takes("0.31.1", frontend), false, frontend);
  });

  it("is not sure of a new frontend on an old BuildKit, which has to run what it makes", () =>
    assert.equal(takes("0.8+unknown", "docker/dockerfile:1.10"), false));
});
