/** An image that servers are made of. */
export interface Image {
  id: string;
  name: string;
  status: 'queued' | 'active' | 'deleted';
  visibility: 'public' | 'private';
  /** The owner. */
  projectId: string;
  /** Whether it cannot be deleted. */
  protected: boolean;
  /** Of the file, in bytes; `null` while it has none. */
  size: number | null;
  /** Epoch milliseconds. */
  createdAt: number;
  /** Epoch milliseconds. */
  updatedAt: number;
  /** Further properties, such as the server that it was made from. */
  properties: Readonly<Record<string, string>>;
}

/** The images that all projects have, newest first. */
export const PUBLIC_IMAGES: readonly Image[] = [
  publicImage('ac4fb1b9-56f6-4d1a-a28d-12f3a8b9e6a3', 'ubuntu-24.04', 614_400_000, {
    os_distro: 'ubuntu',
    os_version: '24.04',
  }),
  publicImage('70a599e0-31e7-49b7-b260-868f441e862b', 'cirros', 21_430_272, { os_distro: 'cirros' }),
];

function publicImage(id: string, name: string, size: number, properties: Record<string, string>): Image {
  const since = Date.UTC(2026, 0, 1);
  return {
    id,
    name,
    status: 'active',
    visibility: 'public',
    projectId: 'admin',
    protected: true,
    size,
    createdAt: since,
    updatedAt: since,
    properties,
  };
}
