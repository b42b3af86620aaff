/**
 * The campaign of this name: the files of `engine` that have tests for a builder beside the engine, with one that runs in a
 * container of the engine. In `npm test` it is a `remote` one, unless the official image of BuildKit can be pulled.
 */
export const DOCKER_CONTAINER = {
  id: "docker-container",
  files: [
    "alike",
    "builder-beside",
    "committed-lock",
    "contexts",
    "gone",
    "kept-image",
    "lock-on-runners",
    "pins",
    "policy",
    "secrets",
    "trust",
  ],
};

/** The variable that names the set-up's builder which the tests use beside the engine. */
export const BUILDER_VARIABLE = "TESTS_BUILDER";

/** What `.state/<name>.json` is called that the set-up leaves of this builder. */
export const CONTAINER_BUILDER = "builder-in-container";
