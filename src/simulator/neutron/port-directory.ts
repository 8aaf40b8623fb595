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

/** Which ports are meant; all of a project without a filter. */
export interface PortFilter {
  id?: string;
  deviceId?: string;
  networkId?: string;
}

/**
 * The port to whoever knows the ports of the servers. It is optional, and must be exported by a global module; as
 * long as there is none, the network service has no ports.
 */
export abstract class PortDirectory {
  /** The ports of a project that a filter means. */
  abstract list(projectId: string, filter: PortFilter): Promise<Port[]>;
}
