/** The one zone of the simulated cloud, by the name that Nova gives its default one, and its one host. */
export const ZONE = 'nova';
export const HOST = 'embedded-1';
