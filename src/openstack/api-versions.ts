import type { Microversion } from './microversion.js';

/** The port to the service that decides on microversions: this server for its own API, or the one behind it. */
export abstract class ApiVersions {
  /** Whether a version out of range is refused here. If not, the service behind it does that. */
  abstract readonly areJudgedHere: boolean;

  /** The highest version, which `latest` means. */
  abstract readonly max: Microversion;
}
