import type { ImageId } from "../base/reference/types";
import type { Capture } from "../packages/capture/types";
import type { LockedPackage } from "../packages/lock/types";
import type { LabelledBase } from "./ancestry";

/** What an engine knows of one image. */
export interface ImageFacts {
  id: ImageId;
  labels: Record<string, string>;
  tags: string[];
  /** `repository@sha256:...` for images that came from or went to a registry. */
  repoDigests: string[];
  /** The user that its commands run as; empty is root. */
  user: string;
  /** Its ONBUILD instructions, as text; default: none. */
  onbuild?: string[];
  /** Names of the variables that it sets; default: none. */
  environment?: string[];
  os: string;
  architecture: string;
  /** RFC 3339. */
  created: string;
}

/** One build, fully decided. */
export interface BuildRequest {
  /** Text of the Dockerfile to build, as instrumented. */
  dockerfile: string;
  /** Ignore rules in .dockerignore form that replace the context's own. */
  ignore: string;
  /** Directory, absolute. */
  context: string;
  /** Reference to give to the result. */
  tag: string;
  /** What messages call the result; default: the tag. */
  name?: string;
  target: string | null;
  platform: string | null;
  buildArgs: Record<string, string>;
  labels: Record<string, string>;
  /**
   * What the Dockerfile's references to images stand for on the engine. An engine that builds beside its images
   * (a builder of its own) gets them handed in; one that sees its images needs nothing.
   */
  bases: readonly BaseOfBuild[];
  /** id -> where docker finds the value; values never pass through here. */
  secrets: Record<string, { file: string } | { env: string }>;
  /** false: no cached layer may be used. */
  cache: boolean;
  /** Absolute path; the build's output is appended. */
  logFile: string;
  timeoutMs: number;
  signal?: AbortSignal;
}

/** One reference to an image in a Dockerfile. */
export interface BaseOfBuild {
  /** As the Dockerfile of the build has it. */
  reference: string;
  /** The image on the engine. */
  imageId: string;
}

/** Everything this package asks of a container engine. One implementation per kind of engine. */
export interface Engine {
  /** For records and messages: `docker`. */
  readonly kind: "docker";
  /** The engine's own identity, so that another engine than the recorded one is noticed. */
  identity(): Promise<EngineIdentity>;
  /** Facts by asked reference; null means the image is surely not there. Can't tell is an exception. */
  inspect(references: readonly string[]): Promise<Map<string, ImageFacts | null>>;
  /** Pushes a tagged image to the registry that the reference names, with the user's own credentials. */
  push(reference: string, signal?: AbortSignal): Promise<void>;
  pull(reference: string, platform: string | null, signal?: AbortSignal): Promise<void>;
  build(request: BuildRequest): Promise<ImageFacts>;
  /** What builds here, in detail. Asked where something is built only: it may be slow. */
  builder(): Promise<BuilderFacts>;
  /**
   * Does work with one builder throughout, and with what its builds need prepared once. What that has put on this
   * machine goes in any outcome.
   */
  during<T>(work: (engine: Engine) => Promise<T>): Promise<T>;
  capture(imageId: ImageId, signal?: AbortSignal): Promise<Capture>;
  manifest(imageId: ImageId, signal?: AbortSignal): Promise<LockedPackage[]>;
  /**
   * Images that this one is built on, as far as the engine has them, with the very same value of a label: the label may
   * come from them. None where an instruction of the image's own has set it.
   */
  basesWith(imageId: ImageId, label: string, value: string): Promise<LabelledBase[]>;
  tag(imageId: ImageId, reference: string): Promise<void>;
  /**
   * Removes one tag and nothing else: the image stays, even when it was the last tag.
   *
   * @param imageId a tag that stands for another image than this, in the moment before it is removed, stays; undefined: any
   */
  untag(reference: string, imageId?: ImageId): Promise<void>;
  /** Removes a tag, and the image with it when nothing else uses it. */
  remove(reference: string): Promise<void>;
  /** Tags below a repository, for finding what a crash has left. */
  tagsOf(repository: string): Promise<string[]>;
  /** Removes containers and throwaway images of crashed runs of this machine; returns their names. */
  sweep(): Promise<string[]>;
}

/** Who answers at the other end. */
export interface EngineIdentity {
  /** The daemon's own ID. */
  id: string;
  serverVersion: string;
  clientVersion: string;
  /** What builds: the CLI's built-in BuildKit client, or the buildx plugin's version. */
  builder: string;
}

/** The builder behind an engine's builds. */
export interface BuilderFacts {
  /** buildx's word for where it runs: `docker` is the engine's own, others are beside it. */
  driver: string;
  /** BuildKit's version; null where nobody says it. */
  buildkit: string | null;
}
