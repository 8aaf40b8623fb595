/** An OpenStack on this machine; the projects alpha and beta, and users whose password is their name. */
export const LAB_KEYSTONE = 'http://127.0.0.1:5000/v3';

/** Settings of a server that validates tokens against the lab's Keystone. */
export const LAB_SETTINGS = {
  IDENTITY: 'keystone',
  OS_AUTH_URL: LAB_KEYSTONE,
  OS_USERNAME: 'tasktag',
  OS_PASSWORD: 'tasktag',
  OS_PROJECT_NAME: 'service',
};

/**
 * A `clouds.yaml` for whoever has a token, with the services at this port, as the README says. The lab's catalogue
 * names Nova, and the command does not let it be overridden.
 */
export function labClouds(port: number, token: string): string {
  const url = `http://127.0.0.1:${port}`;
  return `clouds:
  with-token:
    auth_type: admin_token
    auth:
      endpoint: ${url}/v2.1
      token: ${token}
    image_endpoint_override: ${url}/image
    network_endpoint_override: ${url}/network
`;
}

/** The lab's Nova. */
export const LAB_NOVA = 'http://127.0.0.1:8774';

/** Where the lab's Nova publishes its notifications. */
export const LAB_NOTIFICATIONS = 'amqp://guest:guest@127.0.0.1:5672/';
