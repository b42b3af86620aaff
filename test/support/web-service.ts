import { buildImage } from "./docker";
import { until } from "./until";

/**
 * A web server that needs nothing but the perl of a minimal Debian: on port 8000 it answers every GET with the status
 * and the text that the file /answer holds (`200 fine`), says so on standard output, and ends at SIGTERM.
 */
const SERVER = `use strict;
use IO::Socket::INET;
$| = 1;
$SIG{TERM} = sub { exit 0 };
open(my $file, "<", "/answer") or die;
my ($status, $text) = split / /, join("", <$file>), 2;
chomp $text;
die "refused to start: $text\\n" if $status == 0;
my $server = IO::Socket::INET->new(LocalPort => 8000, Listen => 5, ReuseAddr => 1) or die "$@";
print "listening, to say $status\\n";
while (my $client = $server->accept()) {
  my $request = <$client> // "";
  while (defined(my $line = <$client>)) { last if $line =~ /^\\r?$/ }
  print $client "HTTP/1.1 $status X\\r\\nContent-Length: " . length($text) . "\\r\\nConnection: close\\r\\n\\r\\n$text";
  close $client;
}
`;

/** A check of such a staging: good is one that says fine. The loud end is what a red release repeats. */
export const CHECK = `node -e '
fetch(process.env.STAGING_URL).then((answer) => answer.text()).then((text) => {
  console.log("x".repeat(300) + " staging said: " + text);
  process.exitCode = text.includes("fine") ? 0 : 4;
});'`;

/** The service as a build context's files; `answer` is a status and a text, status 0 makes it die at its start. */
export function webService(answer: string): Record<string, string> {
  return {
    Dockerfile:
      'FROM debian:bookworm-slim\nCOPY server.pl /server.pl\nCOPY answer /answer\nCMD ["perl", "/server.pl"]\n',
    "server.pl": SERVER,
    answer: `${answer}\n`,
  };
}

/** Builds it and returns the image's ID. */
export const buildWebService = (
  name: string,
  answer: string,
  labels?: Readonly<Record<string, string>>,
): Promise<string> => buildImage(name, webService(answer), labels);

/** What a URL answers: status and text. */
export async function ask(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(60_000) });
  return `${response.status} ${await response.text()}`;
}

/** Waits until staging says a text: a status and what comes after it, as `ask` gives them. */
export async function untilSays(url: string, text: string): Promise<void> {
  await until(`staging that says ${text}`, 300_000, async () =>
    (await ask(url).catch(() => "nothing")) === text ? true : null,
  );
}
