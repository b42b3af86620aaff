// Made from promotion-inputs.ts by `npm run docs:tables`; change it there.
/** What `PromotedImage` takes, once all values are known. */
export type PromotionInputs = {
  /** The image to promote: an image ID, a reference, a digest reference, or the path of a SIF image. Best is `image.imageId`. */
  source: string;
  /** References to tag: `web-app:production`, or in a registry with the registry's host. For a SIF image: paths that end with `.sif`. */
  targets: string[];
  /** The validated git revision, 40 or 64 hex digits. An empty one is a no. @defaultValue required, unless `enabled` is `false` */
  expectedRevision?: string;
  /** Where the engine is: `unix://`, `tcp://`, `ssh://user@host`, or the name of a Docker context. @defaultValue your current one */
  host?: string;
  /** The engine that made the image: `docker`, or `apptainer` for a SIF image. @defaultValue `apptainer` when `source` or `targets` are paths that end with `.sif`, else `docker` */
  engine?: "docker" | "apptainer";
  /** The artifact store. Receipts are written there, and the image has to be verified there. @defaultValue none */
  root?: string;
  /** Whether the store has to have the image as verified. @defaultValue `true` when `root` is given */
  requireVerified?: boolean;
  /** `true`: a target that stands for another image is not moved. @defaultValue `false` */
  immutable?: boolean;
  /** `false` is the kill switch: it tags whatever the revision is, and warns. @defaultValue `true` */
  enabled?: boolean;
  /** Limits in seconds: `inspect` for one question to the engine or a registry, `git` for one git command. @defaultValue `{git: 30, inspect: 30}` */
  timeouts?: { git?: number | undefined; inspect?: number | undefined; rebuild?: number | undefined };
  /** The work tree that has to have the revision: `{worktree, branch?, dirty?}`. @defaultValue none */
  commit?: { worktree: string; branch?: string | undefined; dirty?: "warn" | "refuse" | undefined };
  /** Break-glass: why one promotion passes although clauses say no. @defaultValue none */
  overrideReason?: string;
};
