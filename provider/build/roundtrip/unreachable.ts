/** Signs that an index or archive could not be reached, or that the machine failed. Then nothing is proven. */
export const UNREACHABLE = [
  // npm says "Could not resolve dependency" of a version conflict; that is no failed name look-up.
  /Could not resolve (?:host|proxy|'|")|Temporary failure (?:in name resolution|resolving)/i,
  /Name or service not known|Name does not resolve|No address associated with hostname/i,
  /Unable to connect to|(?:Could not|Cannot) (?:initiate the )?connect|Could not handshake/i,
  /Connection (?:refused|timed out|reset|failed|aborted)|Network is unreachable|No route to host/i,
  /NewConnectionError|\wTimeoutError|ProxyError|SSLError|Retrying \(Retry\(/,
  /CERTIFICATE_VERIFY_FAILED|certificate verif\w+ failed/i,
  /\bE(?:CONNREFUSED|CONNRESET|CONNABORTED|NOTFOUND|TIMEDOUT|AI_AGAIN|NETUNREACH|HOSTUNREACH)\b/,
  /\b(?:ERR_SOCKET_TIMEOUT|\w*SELF_SIGNED_CERT\w*|UNABLE_TO_(?:GET|VERIFY)_\w+|CERT_HAS_EXPIRED)\b/,
  /\b(?:401|403|407|429|5[0-9][0-9]) +(?:Unauthorized|Forbidden|Proxy|Too Many|Client Error)/i,
  /\b5[0-9][0-9] +(?:Server Error|Internal|Bad Gateway|Service|Gateway)/i,
  /Some index files failed to download|and is therefore disabled by default/,
  /Mirror sync in progress|Hash Sum mismatch|Release file for \S+ is (?:expired|not valid yet)/,
  /No space left on device|Cannot allocate memory|context canceled/i,
];
