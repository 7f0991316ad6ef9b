/** How a store is reached, as far as somebody said so: everything else is found as the tools of AWS find it. */
export interface StoreSettings {
  /** Where it is, where that is not AWS: `https://s3.example.org`. */
  endpoint?: string;
  /** A name of `~/.aws/config`. */
  profile?: string;
  region?: string;
  /** Whether the bucket stands in the path of addresses, and not in their host. As the endpoint suggests when left out. */
  pathStyle?: boolean;
  /** Encryption at rest that each object asks for: `AES256`, `aws:kms`. The bucket's own when left out. */
  sse?: string;
  /** The key of `aws:kms`. */
  sseKey?: string;
  /** Without encryption on the way, to other machines too. */
  insecure?: boolean;
}
