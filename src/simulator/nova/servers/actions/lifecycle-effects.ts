import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import type { ComputeRequest } from '../../../../compute/compute.service.js';
import { BadRequest } from '../../../../openstack/faults.js';
import { apiBase } from '../../../../openstack/urls/links.js';
import { ImagesService } from '../../../glance/images.service.js';
import { findFlavor } from '../../flavors/flavors.js';
import { OperationStore } from '../operations/operation-store.js';
import { taskStateDuring } from '../operations/simulation.js';
import { notResized } from '../preconditions.js';
import type { SimulatedServer } from '../server.entity.js';
import { serverView } from '../server.view.js';
import type { Effect, EffectOf } from './effect.js';

interface RebuildBody {
  rebuild: {
    imageRef: string;
    name?: string;
    metadata?: Record<string, string>;
    description?: string | null;
    accessIPv4?: string;
    accessIPv6?: string;
    adminPass?: string;
    'OS-DCF:diskConfig'?: 'AUTO' | 'MANUAL';
  };
}

/** Actions on the server as a whole with more effect than a new state. */
@Injectable()
export class LifecycleEffects {
  constructor(
    private readonly images: ImagesService,
    private readonly operations: OperationStore,
  ) {}

  readonly effects: Readonly<Record<string, EffectOf>> = {
    reboot: ({ body }) => {
      const { type } = (body as { reboot: { type: string } }).reboot;
      return { changes: { taskState: type.toUpperCase() === 'HARD' ? 'rebooting_hard' : 'rebooting' } };
    },

    rebuild: (request, server) => this.rebuild(request, server),

    resize: ({ body }, { data, vmState }) => {
      const { flavorRef } = (body as { resize: { flavorRef: string | number } }).resize;
      const newFlavorId = String(flavorRef);
      if (findFlavor(newFlavorId) === null) throw new BadRequest(`Flavor ${newFlavorId} could not be found.`);
      if (newFlavorId === data.flavorId) throw new BadRequest('When resizing, instances must change flavor!');
      return {
        changes: { data: { ...data, resizedFrom: { flavorId: data.flavorId, vmState, newFlavorId } } },
      };
    },

    confirmResize: (_request, server) => this.assertNotConfirming(server),
    revertResize: (_request, server) => this.assertNotConfirming(server),

    delete: async (_request, { id }) => {
      const snapshots = await this.operations.running(id, 'createImage');
      return {
        statements: [
          this.operations.endOthers(id),
          ...snapshots.map(({ detail }) => this.images.failSnapshot(detail.imageId ?? '')),
        ],
      };
    },

    rescue: ({ body }) => {
      const given = (body as { rescue?: { adminPass?: string } | null }).rescue?.adminPass;
      return { body: { adminPass: given ?? newPassword() } };
    },

    lock: (_request, { data }) => ({ changes: { data: { ...data, locked: true } } }),
    unlock: (_request, { data }) => ({ changes: { data: { ...data, locked: false } } }),
  };

  /** A confirmation leaves task_state alone, so only its operation shows that one is in progress. */
  private async assertNotConfirming({ id }: SimulatedServer): Promise<Effect> {
    if ((await this.operations.running(id, 'confirmResize')).length > 0) throw notResized();
    return {};
  }

  private async rebuild(request: ComputeRequest, server: SimulatedServer): Promise<Effect> {
    const { rebuild } = request.body as RebuildBody;
    const { projectId, isAdmin } = request.caller;
    if ((await this.images.find(projectId, rebuild.imageRef)) === null) {
      throw new BadRequest('Cannot find image for rebuild');
    }
    const { data } = server;
    const changes = {
      name: rebuild.name?.trim() ?? server.name,
      taskState: taskStateDuring('rebuild'),
      data: {
        ...data,
        imageRef: rebuild.imageRef,
        metadata: rebuild.metadata ?? data.metadata,
        description: rebuild.description === undefined ? data.description : rebuild.description,
        accessIPv4: rebuild.accessIPv4 ?? data.accessIPv4,
        accessIPv6: rebuild.accessIPv6 ?? data.accessIPv6,
        diskConfig: rebuild['OS-DCF:diskConfig'] ?? data.diskConfig,
      },
    };
    const view = serverView({ ...server, ...changes }, request.http, request.microversion, isAdmin);
    return {
      changes,
      headers: { Location: `${apiBase(request.http)}/servers/${server.id}` },
      body: { server: { ...view, adminPass: rebuild.adminPass ?? newPassword() } },
    };
  }
}

/** Answered once and never kept. */
function newPassword(): string {
  return randomBytes(9).toString('base64url');
}
