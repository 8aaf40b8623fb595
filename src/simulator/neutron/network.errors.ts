import { NotFound } from '../../openstack/faults.js';

/** A resource of the network service does not exist, or not for this project. */
export class NetworkResourceNotFound extends NotFound {
  constructor(
    message: string,
    /** Neutron's name of the error, such as `PortNotFound`. */
    readonly type: string,
  ) {
    super(message);
  }
}
