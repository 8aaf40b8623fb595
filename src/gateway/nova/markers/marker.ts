/** The server tag by which the servers of a create are found again: `task-<task uuid>`. */
export function markerTag(taskUuid: string): string {
  return `task-${taskUuid}`;
}

/** Metadata items of a server from which on no marker is added: the default quota is 128. */
export const MAX_METADATA = 127;

/** The metadata item that stands for it where there are no server tags; its value is the task's uuid. */
export const MARKER_METADATA_KEY = 'tasktag:task';
