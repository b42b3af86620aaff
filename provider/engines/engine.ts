import type { ConfigDigest, ImageId } from "../base/reference/types";
import type { Capture } from "../packages/capture/types";
import type { LockedPackage } from "../packages/lock/types";
import type { LabelledBase } from "./ancestry";

export interface ImageFacts {
  id: ImageId;
  /** true: the ID is that of an index, and these are the facts of one of its platforms. Default: false. */
  isIndex?: true;
  /** true: the ID is the digest of the image's manifest, as in containerd's image store. Default: it is not known to be. */
  isManifest?: true;
  /**
   * The digest of its configuration as the containerd store has noted it; default: it has not. The note comes with the image,
   * so it is only to be believed of one that was built just now.
   */
  notedConfig?: ConfigDigest;
  labels: Record<string, string>;
  tags: string[];
  /** `repository@sha256:...`, for images that were pulled from a registry or pushed to one. */
  repoDigests: string[];
  /** The user as whom its commands run; empty means root. */
  user: string;
  /** Its ONBUILD instructions, as text; default: none. */
  onbuild?: string[];
  /** Names of the variables that it sets; default: none. */
  environment?: string[];
  /** Digests of the uncompressed layers, lowest first (OCI image spec, rootfs); default: not known. */
  layers?: string[];
  os: string;
  architecture: string;
  /** RFC 3339, as in `2026-01-31T12:00:00Z`. */
  created: string;
  /** Bytes: of its compressed layers in containerd's image store, else of its files. Default: not known. */
  size?: number;
}

/** The line with which each build begins in its log. Several builds can write to one log, one after the other. */
export const BUILD_BEGINS = "--- docker build begins ---";

/** All that one build needs, whatever becomes of its result. Nothing is left to decide. */
export interface BuildInstructions {
  /** Text of the Dockerfile to build, with everything that was added to it. */
  dockerfile: string;
  /** Ignore rules in the form of a .dockerignore. They replace the context's own. */
  ignore: string;
  /** The policy beside the recipe, which decides about sources. Default: there is none. */
  policy?: { recipe: string; text: string } | null;
  /** Absolute path of the build context. */
  context: string;
  /** What messages call the result. */
  name: string;
  target: string | null;
  platform: string | null;
  buildArgs: Record<string, string>;
  labels: Record<string, string>;
  /**
   * The images on the engine that the Dockerfile's references stand for. A builder that does not see the engine's
   * images gets these as files.
   */
  bases: readonly BaseOfBuild[];
  /** Folders and repositories that the Dockerfile uses by a name, as for `docker buildx build --build-context`. Default: none. */
  contexts?: Readonly<Record<string, string>>;
  /** Where docker finds each secret's value, by ID. The values themselves are never read here. */
  secrets: Record<string, { file: string } | { env: string }>;
  /** false: no cached step is used. */
  cache: boolean;
  /** Where steps of other builds come from, as for `docker buildx build --cache-from`. Default: none. */
  cacheFrom?: readonly string[];
  /** Where the steps go, as for `--cache-to`. Default: nowhere. */
  cacheTo?: readonly string[];
  /** Absolute path. `BUILD_BEGINS` and the build's output are appended to the file. */
  logFile: string;
  /** What becomes of each line of the output on its way to the log. Default: what looks like a credential is hidden. */
  logLine?: (line: string) => string;
  timeoutMs: number;
  signal?: AbortSignal;
}

/** A build that gives an image. */
export interface BuildRequest extends BuildInstructions {
  /** The reference that the image gets. */
  tag: string;
}

/** One reference to an image in a Dockerfile. */
export interface BaseOfBuild {
  /** As in the Dockerfile that is built. */
  reference: string;
  imageId: string;
}

/** All that this package needs from a container engine. There is one implementation for each kind of engine. */
export interface Engine {
  readonly kind: "docker";
  /** The engine's identity. It shows whether this is the engine that was recorded. */
  identity(): Promise<EngineIdentity>;
  /** Facts of images, by reference as asked for. null: it does not exist. If that can't be told, it throws. */
  inspect(references: readonly string[]): Promise<Map<string, ImageFacts | null>>;
  /** The images of an index that are on the engine, one for each platform. If that can't be told, it throws. */
  platformImages(imageId: ImageId): Promise<ImageFacts[]>;
  /** Pushes a tagged image to the registry that the reference names, with the user's credentials. */
  push(reference: string, signal?: AbortSignal): Promise<void>;
  pull(reference: string, platform: string | null, signal?: AbortSignal): Promise<void>;
  build(request: BuildRequest): Promise<ImageFacts>;
  /** The builder that is used. Only ask before a build, because the answer may be slow. */
  builder(): Promise<BuilderFacts>;
  /**
   * Does work with one builder throughout. What its builds need is prepared only once, and removed from this machine
   * afterwards, also after a failure.
   */
  during<T>(work: (engine: Engine) => Promise<T>): Promise<T>;
  /**
   * Builds, and captures the file system as it comes from the builder. No image is made, which saves the time to store one
   * and to read it back.
   */
  captureBuild(instructions: BuildInstructions): Promise<Capture>;
  /** Builds, and lists the files of the file system as it comes from the builder. */
  manifestBuild(instructions: BuildInstructions): Promise<LockedPackage[]>;
  capture(imageId: ImageId, signal?: AbortSignal): Promise<Capture>;
  manifest(imageId: ImageId, signal?: AbortSignal): Promise<LockedPackage[]>;
  /** The Debian packages of an image. This is faster than a whole capture. */
  debianPackages(imageId: ImageId, signal?: AbortSignal): Promise<LockedPackage[]>;
  /**
   * Images on the engine on which this one is built, and that have the same value of a label. The label may be
   * inherited from them. Empty if an instruction of the image's own recipe set the label.
   */
  basesWith(imageId: ImageId, label: string, value: string): Promise<LabelledBase[]>;
  /** Whether an image on the engine is visibly one on which this one is built, whatever its labels are. */
  knowsBase(imageId: ImageId): Promise<boolean>;
  tag(imageId: ImageId, reference: string): Promise<void>;
  /**
   * Removes one tag and nothing else. The image stays, even if this was its last tag.
   *
   * @param imageId if the tag stands for another image right before the removal, it stays; undefined: it is removed
   *   anyway
   */
  untag(reference: string, imageId?: ImageId): Promise<void>;
  /** Removes a tag, and also the image if nothing else uses it. */
  remove(reference: string): Promise<void>;
  /** The tags of a repository. They are used to find what a crash left behind. */
  tagsOf(repository: string): Promise<string[]>;
  /** Removes containers and throwaway images that crashed processes left behind. Returns their names. */
  sweep(): Promise<string[]>;
}

/** The part of an engine that is asked whether images are still there. */
export type Images = Pick<Engine, "identity" | "inspect">;

/** Which engine answered, and what it consists of. */
export interface EngineIdentity {
  id: string;
  serverVersion: string;
  clientVersion: string;
  /** `built-in` for the client's own BuildKit client, `buildx <version>` for the plugin, `none` for neither. */
  builder: string;
  /**
   * A hash of what the daemon calls its machine and of where it keeps its data; left out if it tells neither. Cloned
   * machines can share an engine ID: Docker before 23 takes it from a file.
   */
  machine?: string;
  /**
   * How it keeps images: the storage driver, and whether it is one of containerd's. Left out if it does not tell. An engine
   * that keeps them in another way than before shows none of those that it had.
   */
  imageStore?: string;
}

/** The builder that an engine's builds use. */
export interface BuilderFacts {
  /** buildx's name for where it runs. `docker` is the engine's own; all others are separate. */
  driver: string;
  /** BuildKit's version as the builder tells it; null if it tells none. */
  buildkit: string | null;
  /** The release of buildx that talks to it; left out: the docker client does so itself. */
  buildx?: string | undefined;
  /** A release that its BuildKit is not older than, where the builder tells nothing of use. Default: none is known. */
  least?: string | undefined;
}
