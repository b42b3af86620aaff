import type { Suite } from "mocha";
import { docker } from "./docker";
import { describeWith, setUpOf } from "./set-up";

/** Tests with a real `docker compose`. Without one they are skipped, with the reason in their title; on CI they fail. */
export function describeWithCompose(
  title: string,
  body: (this: Suite, environment: () => Readonly<Record<string, string>>) => void,
): void {
  describeWith(setUpOf("compose"), title, "docker compose", body);
}

/**
 * A compose file of a project with one service `web`, whose image is given later.
 *
 * @param more YAML that goes on with the service's part, indented by four, and with what is beside the services
 */
export const composeFile = (project: string, port: number, more = ""): string => `name: ${project}
services:
  web:
    image: nothing.invalid/of-that-name
    profiles: [staging]
    ports: ["${port}:8000"]
${more}
`;

/** Removes the networks and volumes of a project, whose containers are gone. */
export async function removeProject(project: string): Promise<void> {
  for (const what of ["network", "volume"]) {
    const label = `label=com.docker.compose.project=${project}`;
    const left = await docker([what, "ls", "--quiet", "--filter", label]);
    if (left !== "") await docker([what, "rm", ...left.split("\n")]);
  }
}
