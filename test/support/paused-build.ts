import { startArchiveHost } from "./archive-host";

/** A build that waits in the middle, after its context was sent, until a test has done something. */
export interface PausedBuild {
  /** A line for a recipe whose base has perl. It waits for the answer to its question, which comes once the work is done. */
  run: string;
  /** Does work while the next build waits. */
  during(work: () => Promise<unknown>): void;
  close(): Promise<void>;
}

/** Starts the server that such builds ask. */
export async function pauseBuilds(): Promise<PausedBuild> {
  const artifact = { name: "pause", version: "" };
  const host = await startArchiveHost(() => ({ body: "", contentType: "text/plain", artifact }));
  const peer = host.url.replace("http://", "");
  const asks =
    `my $s = IO::Socket::INET->new("${peer}") or die $@; print $s "GET /pause HTTP/1.0\\r\\n\\r\\n"; ` +
    "<$s> =~ / 200 / or die";
  return {
    run: `RUN perl -MIO::Socket::INET -e '${asks}'`,
    during: (work) =>
      void host.hooks.once("pause", async () => {
        await work();
      }),
    close: () => host.close(),
  };
}
