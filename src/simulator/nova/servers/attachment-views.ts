import { interfaceView } from './actions/interface-effects.js';
import { volumeAttachmentView } from './actions/volume-effects.js';
import { portsOf, type SimulatedServer } from './server.entity.js';

/** `GET /servers/{id}/os-interface/{port}`; `null` for a port that the server does not have. */
export function shownInterface(server: SimulatedServer, portId: string): object | null {
  const port = portsOf(server).find((one) => one.portId === portId);
  return port === undefined ? null : { interfaceAttachment: interfaceView(port) };
}

/** `GET /servers/{id}/os-volume_attachments/{volume}`; `null` for a volume that is not attached. */
export function shownVolume({ id, data }: SimulatedServer, volumeId: string): object | null {
  const volume = data.volumes.find((one) => one.volumeId === volumeId);
  return volume === undefined ? null : { volumeAttachment: volumeAttachmentView(volume, id) };
}
