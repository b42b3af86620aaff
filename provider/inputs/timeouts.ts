import type { ImageInputs } from "./image-inputs.generated";

/** Limits in seconds. */
export interface Timeouts {
  /** One git command. Default 30. */
  git: number;
  /** One question to the engine. Default 30. */
  inspect: number;
  /** One build. Default 1200. */
  rebuild: number;
}

/** The defaults of {@link Timeouts}. */
export const DEFAULT_TIMEOUTS: Timeouts = { git: 30, inspect: 30, rebuild: 1200 };

/** Where docker finds a build secret's value. */
export type SecretSource = NonNullable<ImageInputs["secrets"]>[string];

/** When the locked rebuild happens. */
export type VerifyMode = NonNullable<ImageInputs["verify"]>;
