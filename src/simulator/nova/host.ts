/** The one zone of the simulated cloud, named like Nova's default, and its one host. */
export const ZONE = 'nova';
export const HOST = 'embedded-1';
