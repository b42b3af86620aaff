const INSTALL = "install Docker (https://docs.docker.com/engine/install/) and start it, or set DOCKER_HOST";

/**
 * The sentence for a machine on which the set-up cannot bring up an engine itself.
 * @param {ReturnType<typeof import("./docker-found.mjs").chooseDocker>} choice anything but `usable`
 * @param {{endpoint: string | null}} facts the engine that the user has chosen
 */
export function engineSentence(choice, { endpoint }) {
  const where = endpoint ? ` at ${endpoint}` : "";
  switch (choice.kind) {
    case "no-build":
      return (
        `${choice.docker.path} (${choice.docker.client}) reaches an engine but cannot build images: install Docker's ` +
        `buildx plugin (package docker-buildx-plugin or docker-buildx), or put a docker that has it on PATH.`
      );
    case "refused":
      return (
        `The container engine${where} refuses this user (${choice.docker.error}): add the user to the group docker ` +
        `and log in again, or set DOCKER_HOST to an engine that you may use.`
      );
    case "no-engine":
      if (endpoint) {
        return (
          `No container engine answers at ${endpoint} (${choice.docker.error}): start it, or choose another one ` +
          `(unset DOCKER_HOST and DOCKER_CONTEXT, or \`docker context use default\`, for the local one).`
        );
      }
      return `No container engine answers ${choice.docker.path} (${choice.docker.error}): ${INSTALL}.`;
    default:
      return `There is no \`docker\` on PATH, and it cannot be installed here: ${INSTALL}.`;
  }
}
