import type { Suite } from "mocha";
import { describeWith, setUpOf } from "./set-up";

/** Tests with a real `docker compose`. Without one they are skipped, with the reason in their title; on CI they fail. */
export function describeWithCompose(
  title: string,
  body: (this: Suite, environment: () => Readonly<Record<string, string>>) => void,
): void {
  describeWith(setUpOf("compose"), title, "docker compose", body);
}
