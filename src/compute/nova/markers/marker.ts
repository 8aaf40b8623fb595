/** The server tag by which the servers of a create are found again: `task-<task uuid>`. */
export function markerTag(taskUuid: string): string {
  return `task-${taskUuid}`;
}

/** The metadata item that stands for it where there are no server tags; its value is the task's uuid. */
export const MARKER_METADATA_KEY = 'tasktag:task';
