/** A server's port on a network. */
export interface Port {
  id: string;
  networkId: string;
  projectId: string;
  /** The server that it is attached to. */
  deviceId: string;
  ip: string;
  mac: string;
}

/** Filter for ports; all of a project without one. */
export interface PortFilter {
  id?: string;
  deviceId?: string;
  networkId?: string;
}

/**
 * The port to the owner of the servers' ports. It is optional, and must be exported by a global module; without one,
 * the network service has no ports.
 */
export abstract class PortDirectory {
  /** The ports of a project that match a filter. */
  abstract list(projectId: string, filter: PortFilter): Promise<Port[]>;
}
