import type { Microversion } from './microversion.js';

/** The port to whoever decides on microversions: this server for an API of its own, else the one behind it. */
export abstract class ApiVersions {
  /** Whether a version out of range is refused here. If not, the service behind it does that. */
  abstract readonly areJudgedHere: boolean;

  /** The highest one, which `latest` stands for. */
  abstract readonly max: Microversion;
}
