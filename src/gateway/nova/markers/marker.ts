/** The server tag by which the servers of a create are found: `task-<task uuid>`. */
export function markerTag(taskUuid: string): string {
  return `task-${taskUuid}`;
}

/** A server with this many metadata items gets no marker: the default quota is 128. */
export const MAX_METADATA = 127;

/** The metadata item that serves as marker without server tags; its value is the task's uuid. */
export const MARKER_METADATA_KEY = 'tasktag:task';
